"""HubSpot's CRM API over real HTTP: one account, in memory, as strict as the real one."""
