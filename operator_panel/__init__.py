"""The office: the REST API, the pages of the inbox, and the live lines to them."""
