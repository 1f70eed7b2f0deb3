using System;
using Microsoft.EntityFrameworkCore.Migrations;
using Npgsql.EntityFrameworkCore.PostgreSQL.Metadata;

#nullable disable

namespace Xeno.Portal.Data.PostgreSql.Migrations
{
    /// <inheritdoc />
    public partial class HistoryAndTokenGenerations : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_Tokens_ApplicationId_Type_Status_Subject",
                table: "Tokens");

            migrationBuilder.DropIndex(
                name: "IX_Tokens_Subject_Type_Status_ApplicationId_Scopes",
                table: "Tokens");

            migrationBuilder.AddColumn<int>(
                name: "Generation",
                table: "Tokens",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "DeletedAt",
                table: "Apps",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "EndingSince",
                table: "Apps",
                type: "timestamp with time zone",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "TokenGeneration",
                table: "Apps",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateTable(
                name: "History",
                columns: table => new
                {
                    Id = table.Column<long>(type: "bigint", nullable: false)
                        .Annotation("Npgsql:ValueGenerationStrategy", NpgsqlValueGenerationStrategy.IdentityByDefaultColumn),
                    At = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    Kind = table.Column<string>(type: "character varying(40)", maxLength: 40, nullable: false),
                    AccountId = table.Column<string>(type: "character varying(50)", maxLength: 50, nullable: true),
                    ClientId = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    AppName = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    Actor = table.Column<string>(type: "character varying(10)", maxLength: 10, nullable: false),
                    ActorId = table.Column<string>(type: "character varying(50)", maxLength: 50, nullable: true),
                    SessionId = table.Column<string>(type: "character varying(50)", maxLength: 50, nullable: true),
                    Device = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: true),
                    TokenId = table.Column<string>(type: "character varying(50)", maxLength: 50, nullable: true),
                    Scopes = table.Column<string>(type: "character varying(200)", maxLength: 200, nullable: true),
                    Reason = table.Column<string>(type: "character varying(300)", maxLength: 300, nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_History", x => x.Id);
                });

            migrationBuilder.CreateIndex(
                name: "IX_Tokens_ApplicationId_Type_Status_Generation_Subject",
                table: "Tokens",
                columns: new[] { "ApplicationId", "Type", "Status", "Generation", "Subject" });

            migrationBuilder.CreateIndex(
                name: "IX_Tokens_Subject_Type_Status_ApplicationId_Generation_Scopes",
                table: "Tokens",
                columns: new[] { "Subject", "Type", "Status", "ApplicationId", "Generation", "Scopes" });

            migrationBuilder.CreateIndex(
                name: "IX_Apps_EndingSince",
                table: "Apps",
                column: "EndingSince",
                filter: "\"EndingSince\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_History_AccountId_Id",
                table: "History",
                columns: new[] { "AccountId", "Id" });

            migrationBuilder.CreateIndex(
                name: "IX_History_ActorId",
                table: "History",
                column: "ActorId",
                filter: "\"ActorId\" IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_History_ClientId_Id",
                table: "History",
                columns: new[] { "ClientId", "Id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "History");

            migrationBuilder.DropIndex(
                name: "IX_Tokens_ApplicationId_Type_Status_Generation_Subject",
                table: "Tokens");

            migrationBuilder.DropIndex(
                name: "IX_Tokens_Subject_Type_Status_ApplicationId_Generation_Scopes",
                table: "Tokens");

            migrationBuilder.DropIndex(
                name: "IX_Apps_EndingSince",
                table: "Apps");

            migrationBuilder.DropColumn(
                name: "Generation",
                table: "Tokens");

            migrationBuilder.DropColumn(
                name: "DeletedAt",
                table: "Apps");

            migrationBuilder.DropColumn(
                name: "EndingSince",
                table: "Apps");

            migrationBuilder.DropColumn(
                name: "TokenGeneration",
                table: "Apps");

            migrationBuilder.CreateIndex(
                name: "IX_Tokens_ApplicationId_Type_Status_Subject",
                table: "Tokens",
                columns: new[] { "ApplicationId", "Type", "Status", "Subject" });

            migrationBuilder.CreateIndex(
                name: "IX_Tokens_Subject_Type_Status_ApplicationId_Scopes",
                table: "Tokens",
                columns: new[] { "Subject", "Type", "Status", "ApplicationId", "Scopes" });
        }
    }
}
