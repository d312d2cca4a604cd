"""What every unit of a network does over many texts: Parquet tables, made once and asked often."""
