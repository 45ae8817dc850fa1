"""Who is who: contacts, proofs and one person's chats in several messengers; what is known of him."""
