"""The store for an installation that has a MongoDB server: documents in its collections."""

from storage.mongo.documents import MongoDocuments

__all__ = ["MongoDocuments"]
