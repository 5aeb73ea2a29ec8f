select {columns} from read_parquet($files)
