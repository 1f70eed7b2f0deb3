using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Xeno.Portal.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class LimitsAndPruning : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "GuessCounts",
                columns: table => new
                {
                    Key = table.Column<string>(type: "TEXT", maxLength: 200, nullable: false),
                    Count = table.Column<int>(type: "INTEGER", nullable: false),
                    EndsAt = table.Column<long>(type: "INTEGER", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_GuessCounts", x => x.Key);
                });

            migrationBuilder.CreateIndex(
                name: "Waiting",
                table: "Tokens",
                column: "ExpirationDate",
                filter: "\"Status\" = 'valid' AND \"ExpirationDate\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "Ended",
                table: "Grants",
                column: "CreationDate",
                filter: "\"Status\" = 'revoked'");

            migrationBuilder.CreateIndex(
                name: "IX_GuessCounts_EndsAt",
                table: "GuessCounts",
                column: "EndsAt");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "GuessCounts");

            migrationBuilder.DropIndex(
                name: "Waiting",
                table: "Tokens");

            migrationBuilder.DropIndex(
                name: "Ended",
                table: "Grants");
        }
    }
}
