using System.Net;
using System.Net.Http.Json;
using Portal.Testing;
using Portal.Web.Access;

namespace Portal.Web.Tests.Features.Rest;

[Collection(RestCollection.Name)]
public sealed class BackupRestTests(RestPortal portal)
{
    [Fact]
    public async Task Backup_ByProgram_IsMadeCheckedReadAndRemoved()
    {
        using var program = await portal.ProgramAsync(BuiltInRoles.Administrator);
        using var viewer = await portal.ProgramAsync(BuiltInRoles.Viewer);
        var folder = Path.Combine(Path.GetDirectoryName(portal.Portal.DataFolder)!, "rest-backups");
        var body = new { name = "rest", kind = "folder", settings = new { folder }, passphrase = "correct horse battery", keepCount = 3 };
        var made = await program.PostAsJsonAsync("/api/v1/backups/destinations", body).OkAsync(HttpStatusCode.Created);
        var destination = $"/api/v1/backups/destinations/{made.GetProperty("id").GetString()}";
        var text = (await program.GetAsync(destination).OkAsync()).GetRawText();
        Assert.DoesNotContain("correct horse", text, StringComparison.Ordinal);
        await program.PostAsync(destination + "/test", null).OkAsync(HttpStatusCode.NoContent);
        await program.PostAsJsonAsync("/api/v1/backups/destinations", body).ProblemAsync(422, "refused");

        var begun = await program.PostAsync(destination + "/backups", null).OkAsync(HttpStatusCode.Created);
        var backup = $"/api/v1/backups/{begun.GetProperty("id").GetString()}";
        await Eventually.HoldsAsync(async () => await TextAsync(program, backup, "state") == "Succeeded", "the backup was made");
        await program.PostAsync(backup + "/check", null).OkAsync(HttpStatusCode.NoContent);
        await Eventually.HoldsAsync(async () => await TextAsync(program, backup, "check") == "Passed", "the backup came back");
        var bytes = await program.GetByteArrayAsync(backup + "/file");
        Assert.Equal("PORTALB1"u8.ToArray(), bytes[..8]);

        await viewer.GetAsync(backup + "/file").ProblemAsync(403, "access-denied");
        await viewer.GetAsync("/api/v1/backups").ProblemAsync(403, "access-denied");
        await program.DeleteAsync(backup).OkAsync(HttpStatusCode.NoContent);
        await program.GetAsync(backup).ProblemAsync(404, "not-found");
        Assert.Empty(Directory.GetFiles(folder));
        await program.DeleteAsync(destination).OkAsync(HttpStatusCode.NoContent);
    }

    private static async Task<string?> TextAsync(HttpClient program, string path, string name) =>
        (await program.GetAsync(path).OkAsync()).GetProperty(name).GetString();
}
