"""Statistics Finland, database StatFin: one module a part of the subject, one declaration a table."""

from loaders.statfin import economy, employment_service, population, work

DECLARATIONS = (
    *employment_service.DECLARATIONS,
    *work.DECLARATIONS,
    *population.DECLARATIONS,
    *economy.DECLARATIONS,
)
