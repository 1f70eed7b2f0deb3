using Microsoft.EntityFrameworkCore;

namespace Xeno.Portal.Data.PostgreSql;

/// <summary>The model on PostgreSQL, which has a type for everything in it.</summary>
public sealed class PostgreSqlPortalDbContext(DbContextOptions<PostgreSqlPortalDbContext> options) : PortalDbContext(options);
