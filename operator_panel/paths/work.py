"""One's own work: tasks, stars, what one is told of."""

from operator_panel.api import notifications, stars, tasks
from operator_panel.signature import Route

ROUTES = (
    Route("GET", "/tasks", tasks.tasks),
    Route("POST", "/tasks", tasks.task_post, 201),
    Route("GET", "/tasks/counts", tasks.task_counts),
    Route("GET", "/tasks/{id}", tasks.task),
    Route("PATCH", "/tasks/{id}", tasks.task_change),
    Route("DELETE", "/tasks/{id}", tasks.task_delete, 204),
    Route("GET", "/starred", stars.starred),
    Route("PUT", "/messages/{id}/star", stars.message_star, 204),
    Route("DELETE", "/messages/{id}/star", stars.message_unstar, 204),
    Route("GET", "/conversations/{id}/starred", stars.conversation_starred),
    Route("GET", "/notifications", notifications.notifications),
    Route("POST", "/notifications/read", notifications.notifications_read),
    Route("GET", "/me/notifications", notifications.me_notifications),
    Route("PATCH", "/me/notifications", notifications.me_notifications_change),
)
