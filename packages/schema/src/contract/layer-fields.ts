/** Fields that bronze adds to every record. */
export const BRONZE_FIELDS = ["ingested_at", "layer", "source_file"] as const;
/**
 * Stands among the sources of a field for the name that was given at ingestion, which is in the name of the bronze
 * file. No field of a record is meant by it.
 */
export const GIVEN_PART = "medallion.part";
/** Fields that silver sets on every record. */
export const SILVER_FIELDS = ["ingested_at", "source_file", "layer", "processed_at", "_rescued_data"] as const;
