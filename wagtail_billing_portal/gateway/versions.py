import stripe

#: The API version of the installed SDK; mirrored objects have its shape.
API_VERSION: str = stripe.api_version
