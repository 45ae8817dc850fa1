"""What people of the desk are told of: who, by which ways, when it is no longer news."""
