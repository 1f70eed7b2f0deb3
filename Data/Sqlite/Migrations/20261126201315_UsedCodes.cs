using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Xeno.Portal.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class UsedCodes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "Waiting",
                table: "Tokens");

            migrationBuilder.CreateIndex(
                name: "Codes",
                table: "Tokens",
                columns: new[] { "Status", "ExpirationDate" },
                filter: "\"ExpirationDate\" IS NOT NULL");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "Codes",
                table: "Tokens");

            migrationBuilder.CreateIndex(
                name: "Waiting",
                table: "Tokens",
                column: "ExpirationDate",
                filter: "\"Status\" = 'valid' AND \"ExpirationDate\" IS NOT NULL");
        }
    }
}
