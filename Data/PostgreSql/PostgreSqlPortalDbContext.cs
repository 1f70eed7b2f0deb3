using Microsoft.EntityFrameworkCore;

namespace Xeno.Portal.Data.PostgreSql;

/// <summary>The model on PostgreSQL, which needs no conversions.</summary>
public sealed class PostgreSqlPortalDbContext(DbContextOptions<PostgreSqlPortalDbContext> options) : PortalDbContext(options);
