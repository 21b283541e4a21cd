using System.Net;
using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Testing.Databases;
using Portal.Web.Backups;
using Portal.Web.Tests.Backups.S3;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Backups;

public sealed class BackupCommandTests(TestPortal portal) : IClassFixture<TestPortal>, IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("portal-backup-").FullName;
    private string _empty = "";

    private string PassphraseFile => Path.Combine(_folder, "passphrase");

    private string BackupFile => Path.Combine(_folder, "portal.backup");

    private string NewData => Path.Combine(_folder, "data");

    public async Task InitializeAsync()
    {
        _empty = await (await PostgresCluster.SharedAsync).CreateDatabaseAsync();
        await File.WriteAllTextAsync(PassphraseFile, "correct horse battery\n");
    }

    public async Task DisposeAsync()
    {
        await (await PostgresCluster.SharedAsync).DropDatabaseAsync(_empty);
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Restore_IntoAnEmptyDatabase_BringsPeopleSecretsNodesAndTheAuditLog()
    {
        await portal.AddPersonAsync("kept", "Operator");
        await portal.AddNodeAsync("kept-node");
        var secret = Protector(portal.Services).Protect("a registry's password");
        using var before = await portal.SignInAsync();
        var (code, output, error) = await RunAsync("backup", BackupFile, portal.ConnectionString, portal.DataFolder);
        Assert.True(code == 0, error);
        var bytes = await File.ReadAllBytesAsync(BackupFile);
        Assert.Equal($"{Convert.ToHexStringLower(SHA256.HashData(bytes))}  {BackupFile}\n", output);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(BackupFile));
        Assert.DoesNotContain("kept-node", System.Text.Encoding.Latin1.GetString(bytes), StringComparison.Ordinal);

        (code, _, error) = await RunAsync("restore", BackupFile, _empty, NewData);
        Assert.True(code == 0, error);
        await using var restored = portal.Create(["--db", _empty, "--data", NewData, "--run", Path.Combine(_folder, "run")]);
        await restored.StartAsync(default);

        using var client = portal.CreateClient(restored.Address);
        using var answer = await client.PostSignInAsync("kept", TestPortal.AdminPassword);
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal("a registry's password", Protector(restored.Services).Unprotect(secret));
        foreach (var query in (string[])
            ["select count(*) from nodes where name = 'kept-node'", "select count(*) from users where user_name = 'admin'"])
        {
            Assert.Equal(1L, await QueryAsync(query));
        }

        // Nobody who was signed in then is now, and the log goes on where it was.
        Assert.Equal(1L, await QueryAsync("select count(*) from user_sessions"));
        Assert.True(await QueryAsync("select count(*) from audit_log") > 1);
        await restored.StopAsync(default);
    }

    [Fact]
    public async Task Restore_CutOffOrOverOther_ChangesNothing()
    {
        Assert.Equal(0, (await RunAsync("backup", BackupFile, portal.ConnectionString, portal.DataFolder)).Code);
        var whole = await File.ReadAllBytesAsync(BackupFile);
        var cut = Path.Combine(_folder, "cut");
        await File.WriteAllBytesAsync(cut, whole[..^40]);

        var (code, _, error) = await RunAsync("restore", cut, _empty, NewData);
        Assert.Equal((1, true), (code, error.Contains("cut off", StringComparison.Ordinal)));
        Assert.Equal(0L, await QueryAsync("select count(*) from pg_class where relnamespace = 'public'::regnamespace"));
        Assert.False(Directory.Exists(NewData));

        (code, _, error) = await RunAsync("restore", BackupFile, portal.ConnectionString, portal.DataFolder);
        Assert.Equal((1, true), (code, error.Contains("not empty", StringComparison.Ordinal)));

        (code, _, error) = await RunAsync("backup", BackupFile, portal.ConnectionString, portal.DataFolder);
        Assert.Equal((1, true), (code, error.Contains("overwrites nothing", StringComparison.Ordinal)));
        Assert.Equal(whole, await File.ReadAllBytesAsync(BackupFile));

        var key = Path.Combine(NewData, "portal", "secrets.key");
        Directory.CreateDirectory(Path.GetDirectoryName(key)!);
        await File.WriteAllTextAsync(key, "another");
        (code, _, error) = await RunAsync("restore", BackupFile, _empty, NewData);
        Assert.Equal((1, true), (code, error.Contains(key, StringComparison.Ordinal)));
        Assert.Equal("another", await File.ReadAllTextAsync(key));
        Assert.Equal(0L, await QueryAsync("select count(*) from pg_class where relnamespace = 'public'::regnamespace"));
    }

    [Fact]
    public async Task Backup_ToAStorage_IsRestoredFromIt()
    {
        await using var storage = await FakeStorage.StartAsync();
        string? Variable(string name) => name switch
        {
            "AWS_ACCESS_KEY_ID" => storage.Credentials.AccessKey,
            "AWS_SECRET_ACCESS_KEY" => storage.Credentials.SecretKey,
            "AWS_REGION" => "eu-test-1",
            "AWS_ENDPOINT_URL" => storage.Endpoint.ToString(),
            _ => null,
        };
        await portal.AddNodeAsync("stored-node");

        var (code, output, error) = await RunAsync(
            "backup", "s3://backups/of/one", portal.ConnectionString, portal.DataFolder, Variable);
        Assert.True(code == 0, error);
        var digest = Convert.ToHexStringLower(SHA256.HashData(storage.Objects["of/one"]));
        Assert.Equal($"{digest}  s3://backups/of/one\n", output);

        (code, _, error) = await RunAsync("restore", "s3://backups/of/", _empty, NewData, Variable);
        Assert.Equal((1, true), (code, error.Contains("  one", StringComparison.Ordinal)));
        (code, _, error) = await RunAsync("restore", "s3://backups/of/none", _empty, NewData, Variable);
        Assert.Equal((1, true), (code, error.Contains("NoSuchKey", StringComparison.Ordinal)));

        (code, _, error) = await RunAsync("restore", "s3://backups/of/one", _empty, NewData, Variable);
        Assert.True(code == 0, error);
        Assert.Equal(1L, await QueryAsync("select count(*) from nodes where name = 'stored-node'"));

        (code, _, error) = await RunAsync("backup", "s3://backups/two", portal.ConnectionString, portal.DataFolder);
        Assert.Equal((1, true), (code, error.Contains("AWS_ACCESS_KEY_ID", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Backup_ShortPassphrase_IsRefused()
    {
        await File.WriteAllTextAsync(PassphraseFile, "short\n");

        var (code, _, error) = await RunAsync("backup", BackupFile, portal.ConnectionString, portal.DataFolder);

        Assert.Equal((1, true), (code, error.Contains("12 characters", StringComparison.Ordinal)));
        Assert.False(File.Exists(BackupFile));
    }

    private static IDataProtector Protector(IServiceProvider services) =>
        services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test of backups");

    private async Task<(int Code, string Output, string Error)> RunAsync(
        string command, string file, string database, string data, Func<string, string?>? variable = null)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await new BackupCommand(output, error, variable ?? (_ => null)).RunAsync(
            [command, file, "--passphrase-file", PassphraseFile, "--db", database, "--data", data], default);
        return (code, output.ToString(), error.ToString());
    }

    private async Task<long> QueryAsync(string query)
    {
        await using var connection = new NpgsqlConnection(_empty);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(query, connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
