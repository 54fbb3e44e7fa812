/** Fields that bronze adds to every record. */
export const BRONZE_FIELDS = ["ingested_at", "layer", "source_file"] as const;
/** Fields that silver sets on every record. */
export const SILVER_FIELDS = ["ingested_at", "source_file", "layer", "processed_at", "_rescued_data"] as const;
