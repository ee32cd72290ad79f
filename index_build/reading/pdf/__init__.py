"""PDF to blocks, with PDFium."""
