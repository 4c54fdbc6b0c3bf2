"""The rules of money and time: state machines behind the API's resources."""
