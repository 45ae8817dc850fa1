"""Customers: who they are, their tables, what is theirs."""

from operator_panel.api import customer_list, customers, imports, privacy, profiles, shop_data, tables
from operator_panel.signature import Route

ROUTES = (
    Route("GET", "/customers", customers.customers),
    Route("GET", "/customers/list", customer_list.customers_list),
    Route("GET", "/customers/fields", customers.customer_fields),
    Route("GET", "/customers/tags", profiles.customer_tags),
    Route("POST", "/customers/imports/look", imports.customers_look, takes_file=True),
    Route("POST", "/customers/imports", imports.customers_import_post, 202, takes_file=True),
    Route("GET", "/customers/imports", imports.customers_imports),
    Route("GET", "/customers/imports/{id}", imports.customers_import_one),
    Route("POST", "/customers/imports/{id}/stop", imports.customers_import_stop),
    Route("POST", "/customers/imports/{id}/undo", imports.customers_import_undo, 202),
    Route("GET", "/customers/imports/{id}/report", imports.customers_import_report, sends="text/csv"),
    Route("GET", "/customers/export", tables.customers_export, sends="text/csv"),
    Route("GET", "/customers/{id}", customers.customer),
    Route("PATCH", "/customers/{id}", customers.customer_change),
    Route("DELETE", "/customers/{id}", privacy.customer_erase),
    Route("GET", "/customers/{id}/export", privacy.customer_export, sends="application/zip"),
    Route("GET", "/customers/{id}/messages", customers.customer_messages),
    Route("GET", "/customers/{id}/files", profiles.customer_files),
    Route("GET", "/customers/{id}/differences", profiles.customer_differences),
    Route("GET", "/customers/{id}/shop_data", shop_data.customer_shop_data),
    Route("POST", "/customers/{id}/link", customers.customer_link),
    Route("POST", "/customers/{id}/unlink", customers.customer_unlink),
    Route("POST", "/customers/{id}/ban", customers.customer_ban),
    Route("POST", "/customers/{id}/unban", customers.customer_unban),
)
