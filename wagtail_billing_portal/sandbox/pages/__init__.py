"""Pages a person can click through: checkout, 3-D Secure, invoices, portal."""
