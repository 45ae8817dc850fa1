"""How the desk looks at conversations: views, filters, many at once."""

from operator_panel.api import bulk, habits, search, views
from operator_panel.signature import Route

ROUTES = (
    Route("GET", "/views", views.views),
    Route("POST", "/views", views.view_post, 201),
    Route("GET", "/views/counts", views.view_counts),
    Route("PUT", "/views/order", views.view_order),
    Route("GET", "/views/{id}", views.view),
    Route("PATCH", "/views/{id}", views.view_change),
    Route("DELETE", "/views/{id}", views.view_delete, 204),
    Route("POST", "/conversations/bulk", bulk.bulk),
    Route("GET", "/search", search.search),
    Route("GET", "/me/habits", habits.habits),
    Route("PUT", "/me/habits", habits.habits_put),
)
