# Embeds what the HTML report is made of; see reports/html.
