using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Xeno.Portal.Data.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class TokenIndexes : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Tokens_ApplicationId_Status_Subject_Type",
                table: "Tokens");

            migrationBuilder.DropIndex(
                name: "IX_Tokens_Subject_Type_Status",
                table: "Tokens");

            migrationBuilder.DropIndex(
                name: "IX_Grants_ApplicationId_Status_Subject_Type",
                table: "Grants");

            migrationBuilder.DropIndex(
                name: "IX_Grants_Subject",
                table: "Grants");

            migrationBuilder.CreateIndex(
                name: "IX_Tokens_ApplicationId_Type_Status_Subject",
                table: "Tokens",
                columns: new[] { "ApplicationId", "Type", "Status", "Subject" });

            migrationBuilder.CreateIndex(
                name: "IX_Tokens_Subject_Type_Status_ApplicationId_Scopes",
                table: "Tokens",
                columns: new[] { "Subject", "Type", "Status", "ApplicationId", "Scopes" });

            migrationBuilder.CreateIndex(
                name: "IX_Grants_ApplicationId",
                table: "Grants",
                column: "ApplicationId");

            migrationBuilder.CreateIndex(
                name: "IX_Grants_Subject_ApplicationId",
                table: "Grants",
                columns: new[] { "Subject", "ApplicationId" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Tokens_ApplicationId_Type_Status_Subject",
                table: "Tokens");

            migrationBuilder.DropIndex(
                name: "IX_Tokens_Subject_Type_Status_ApplicationId_Scopes",
                table: "Tokens");

            migrationBuilder.DropIndex(
                name: "IX_Grants_ApplicationId",
                table: "Grants");

            migrationBuilder.DropIndex(
                name: "IX_Grants_Subject_ApplicationId",
                table: "Grants");

            migrationBuilder.CreateIndex(
                name: "IX_Tokens_ApplicationId_Status_Subject_Type",
                table: "Tokens",
                columns: new[] { "ApplicationId", "Status", "Subject", "Type" });

            migrationBuilder.CreateIndex(
                name: "IX_Tokens_Subject_Type_Status",
                table: "Tokens",
                columns: new[] { "Subject", "Type", "Status" });

            migrationBuilder.CreateIndex(
                name: "IX_Grants_ApplicationId_Status_Subject_Type",
                table: "Grants",
                columns: new[] { "ApplicationId", "Status", "Subject", "Type" });

            migrationBuilder.CreateIndex(
                name: "IX_Grants_Subject",
                table: "Grants",
                column: "Subject");
        }
    }
}
