"""What `onrecord check` is made of: stories in, the record, the report in three forms."""
