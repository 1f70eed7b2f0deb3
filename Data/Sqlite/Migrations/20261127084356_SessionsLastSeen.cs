using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Xeno.Portal.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class SessionsLastSeen : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "LastSeenAt",
                table: "Sessions",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            // For the sessions that are live during the update: the last time that is known.
            migrationBuilder.Sql("UPDATE \"Sessions\" SET \"LastSeenAt\" = \"RenewedAt\"");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "LastSeenAt",
                table: "Sessions");
        }
    }
}
