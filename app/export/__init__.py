"""The page as one HTML file that needs no server: same templates, same modules, answers inside."""

from .page import exported_page, file_name
from .route import router

__all__ = ["exported_page", "file_name", "router"]
