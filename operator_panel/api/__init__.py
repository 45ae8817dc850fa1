"""The REST API by subject: a function here is one route of operator_panel/routes.py."""
