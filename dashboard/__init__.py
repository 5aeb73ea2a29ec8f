"""The dashboard: its figures, its charts, the notebook and the web page."""
