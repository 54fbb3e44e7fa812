export {
  defineConfig,
  type Keep,
  type UserConfig,
  type UserFreshness,
  type UserRetention,
} from "./config/user-config.ts";
