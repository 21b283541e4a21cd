using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Portal.Data.Backups;
using Portal.Data.Entities.Backups;
using Portal.Testing;
using Portal.Web.Access;
using Portal.Web.Features.Backups;
using Portal.Web.Features.Backups.Making;
using Portal.Web.Features.Jobs;
using Portal.Web.Tests.Backups.S3;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Features.Backups;

public sealed class PortalBackupTests(PortalBackupTests.Fixture fixture) : IClassFixture<PortalBackupTests.Fixture>
{
    private const string Passphrase = "correct horse battery";
    private static int s_number;

    /// <summary>A portal that may reach storages of this host.</summary>
    public sealed class Fixture : IAsyncLifetime
    {
        public TestPortal Portal { get; } = new() { Flags = ["--PORTAL_OUTGOING_INSIDE", "127.0.0.0/8"] };

        internal ClaimsPrincipal Admin { get; private set; } = new();

        internal BackupDirectory Directory => Portal.Services.GetRequiredService<BackupDirectory>();

        public async Task InitializeAsync()
        {
            await Portal.InitializeAsync();
            Admin = await PersonAsync("backup-admin", BuiltInRoles.Administrator);
        }

        public Task DisposeAsync() => Portal.DisposeAsync();

        internal async Task<ClaimsPrincipal> PersonAsync(string name, string? role) => new(new ClaimsIdentity(
            [
                new Claim(ClaimTypes.NameIdentifier, (await Portal.AddPersonAsync(name, role)).ToString()), new Claim(ClaimTypes.Name, name),
            ],
            "test"));
    }

    [Fact]
    public async Task BackUp_ToAFolder_IsMadeAndComesBackOnTrial()
    {
        var draft = Folder();
        var destination = await SaveAsync(draft);
        await fixture.Directory.TestAsync(fixture.Admin, destination, default);

        var made = await MakeAsync(destination);

        Assert.Equal((BackupState.Succeeded, ""), (made.State, made.Message));
        var path = Path.Combine(draft.Settings.Folder, made.Name);
        Assert.Equal([made.Name], Directory.GetFiles(draft.Settings.Folder).Select(Path.GetFileName));
        Assert.Equal(new FileInfo(path).Length, made.Bytes);
        var checkedOnce = await CheckAsync(made.Id);
        Assert.True(checkedOnce.CheckState == BackupState.Passed, checkedOnce.CheckMessage);
        Assert.Matches(@"^\d+ tables with [\d,]+ rows came back as they were, in .*Its key is that of this portal\.$", checkedOnce.CheckMessage);
        Assert.Equal(0L, await QueryAsync("select count(*) from pg_database where datname = @name", TrialName));
        await using var content = (await fixture.Directory.OpenBackupAsync(fixture.Admin, made.Id, default)).Content;
        using var kept = new MemoryStream();
        await content.CopyToAsync(kept);
        Assert.Equal(await File.ReadAllBytesAsync(path), kept.ToArray());
        await fixture.Directory.RemoveBackupAsync(fixture.Admin, made.Id, default);
        Assert.False(File.Exists(path));
    }

    [Fact]
    public async Task Job_ToAStorage_BacksUpAndRestoresOnTrial()
    {
        await using var storage = await FakeStorage.StartAsync();
        var destination = await SaveAsync(Bucket(storage));
        await fixture.Directory.TestAsync(fixture.Admin, destination, default);
        Assert.Empty(storage.Objects);
        var jobs = fixture.Portal.Services.GetRequiredService<JobDirectory>();
        var settings = new JobSettings { DestinationId = destination, Check = true };
        var job = await jobs.SaveAsync(
            fixture.Admin, null, new JobDraft("nightly", JobKind.PortalBackup, settings, null, null, "0 0 29 2 *", "UTC"), default);

        var run = await jobs.RunNowAsync(fixture.Admin, job, default);
        await Eventually.HoldsAsync(
            async () => (await jobs.FindRunAsync(fixture.Admin, job, run, default))!.FinishedAt is not null, "the run has ended");

        var ended = (await jobs.FindRunAsync(fixture.Admin, job, run, default))!;
        Assert.True(ended.State == JobRunState.Succeeded, ended.Message + ended.Log);
        Assert.Contains("came back as they were", ended.Message, StringComparison.Ordinal);
        var made = Assert.Single(await fixture.Directory.BackupsAsync(fixture.Admin, destination, default));
        Assert.Equal(made.Bytes, storage.Objects["portal/" + made.Name].Length);

        // Somebody spoils the storage: the next run says so.
        storage.Instead = request => request.Method == "GET" && !request.Query.ContainsKey("list-type")
            ? Microsoft.AspNetCore.Http.Results.Bytes(storage.Objects.Last().Value[..^1]) : null;
        run = await jobs.RunNowAsync(fixture.Admin, job, default);
        await Eventually.HoldsAsync(
            async () => (await jobs.FindRunAsync(fixture.Admin, job, run, default))!.FinishedAt is not null, "the run has ended");
        ended = (await jobs.FindRunAsync(fixture.Admin, job, run, default))!;
        Assert.Equal(JobRunState.Failed, ended.State);
        Assert.Contains("is no good", ended.Message, StringComparison.Ordinal);

        await Assert.ThrowsAsync<BackupException>(() => fixture.Directory.RemoveAsync(fixture.Admin, destination, default));
        await jobs.RemoveAsync(fixture.Admin, job, default);
        await fixture.Directory.RemoveAsync(fixture.Admin, destination, default);
    }

    [Fact]
    public async Task Storage_InAPrivateNetwork_IsNotReachedUnlessAllowed()
    {
        await using var storage = await FakeStorage.StartAsync();
        await using var strict = fixture.Portal.Create(["--PORTAL_OUTGOING_INSIDE", ""]);
        var directory = strict.Services.GetRequiredService<BackupDirectory>();
        var destination = await SaveAsync(Bucket(storage));

        var refused = await Assert.ThrowsAsync<BackupException>(() => directory.TestAsync(fixture.Admin, destination, default));

        Assert.Contains("PORTAL_OUTGOING_INSIDE", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, storage.Requests);
    }

    [Fact]
    public async Task Keep_MoreThanAreKept_RemovesTheOldest()
    {
        var draft = Folder() with { KeepCount = 2 };
        var destination = await SaveAsync(draft);
        var names = new List<string>();
        for (var number = 0; number < 4; number++)
        {
            names.Add((await MakeAsync(destination)).Name);
        }

        await Eventually.HoldsAsync(
            async () => (await fixture.Directory.BackupsAsync(fixture.Admin, destination, default)).Count == 2, "two are kept");
        Assert.Equal(names.TakeLast(2).Order(), Directory.GetFiles(draft.Settings.Folder).Select(Path.GetFileName).Order());

        // However old it is, the newest stays.
        await SetAsync(destination, "created_at = created_at - interval '100 days'");
        await fixture.Directory.SaveAsync(fixture.Admin, destination, draft with { KeepCount = 0, KeepDays = 1 }, default);
        var rows = fixture.Portal.Services.GetRequiredService<BackupRows>();
        var row = (await fixture.Directory.FindAsync(fixture.Admin, destination, default))!.Destination;
        Assert.Equal([names[2]], (await rows.OldAsync(row, default)).Select(old => old.Name));
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("flipped")]
    [InlineData("gone")]
    [InlineData("another passphrase")]
    [InlineData("another backup")]
    public async Task Check_OfWhatWasSpoiled_FailsAndSaysWhy(string how)
    {
        var draft = Folder();
        var destination = await SaveAsync(draft);
        var made = await MakeAsync(destination);
        var path = Path.Combine(draft.Settings.Folder, made.Name);
        var bytes = await File.ReadAllBytesAsync(path);
        switch (how)
        {
            case "cut":
                await File.WriteAllBytesAsync(path, bytes[..^20]);
                break;
            case "flipped":
                bytes[^40] ^= 1;
                await File.WriteAllBytesAsync(path, bytes);
                break;
            case "gone":
                File.Delete(path);
                break;
            case "another passphrase":
                await fixture.Directory.SaveAsync(fixture.Admin, destination, draft with { Passphrase = "another one, long enough" }, default);
                break;
            default:
                File.Copy(Path.Combine(draft.Settings.Folder, (await MakeAsync(destination)).Name), path, overwrite: true);
                break;
        }

        var row = await CheckAsync(made.Id);

        Assert.Equal(BackupState.Failed, row.CheckState);
        Assert.Contains(
            how switch
            {
                "cut" => "cut off",
                "flipped" => "damaged",
                "gone" => made.Name,
                "another passphrase" => "passphrase",
                _ => "not the file that was written",
            },
            row.CheckMessage,
            StringComparison.Ordinal);
        Assert.Equal(0L, await QueryAsync("select count(*) from pg_database where datname = @name", TrialName));
    }

    [Fact]
    public async Task Backup_OfAPortalThatEnded_IsToldAsFailedAndTheNextOneIsMade()
    {
        var destination = await SaveAsync(Folder());
        var rows = fixture.Portal.Services.GetRequiredService<BackupRows>();
        var row = (await fixture.Directory.FindAsync(fixture.Admin, destination, default))!.Destination;
        await rows.BeginAsync(row, "a portal that is killed", default);
        await Assert.ThrowsAsync<BackupException>(() => fixture.Directory.BackUpAsync(fixture.Admin, destination, default));

        await SetAsync(destination, "lease_until = now() - interval '1 second'");
        var made = await MakeAsync(destination);

        Assert.Equal(BackupState.Succeeded, made.State);
        var all = await fixture.Directory.BackupsAsync(fixture.Admin, destination, default);
        Assert.Equal([BackupState.Succeeded, BackupState.Failed], all.Select(item => item.State));
        Assert.Contains("ended in the middle", all[1].Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BackUp_WhereNothingCanBeWritten_FailsAndLeavesNothing()
    {
        await using var storage = await FakeStorage.StartAsync();
        storage.Instead = request => request.Method == "PUT" ? FakeStorage.Error(403, "AccessDenied") : null;
        var destination = await SaveAsync(Bucket(storage));

        var made = await MakeAsync(destination);

        Assert.Equal(BackupState.Failed, made.State);
        Assert.Contains("AccessDenied", made.Message, StringComparison.Ordinal);
        Assert.Empty(storage.Objects);
        await Assert.ThrowsAsync<BackupException>(() => fixture.Directory.CheckAsync(fixture.Admin, made.Id, default));
    }

    [Fact]
    public async Task Secrets_AreEncryptedAndGoodForTheirBucketAlone()
    {
        await using var storage = await FakeStorage.StartAsync();
        var draft = Bucket(storage);
        var destination = await SaveAsync(draft);

        var line = (await fixture.Directory.FindAsync(fixture.Admin, destination, default))!;
        var all = line.Destination.Settings + line.Destination.SecretKey + line.Destination.Passphrase + draft;
        Assert.DoesNotContain(storage.Credentials.SecretKey, all, StringComparison.Ordinal);
        Assert.DoesNotContain(Passphrase, all, StringComparison.Ordinal);

        var silent = draft with { SecretKey = "", Passphrase = "" };
        await fixture.Directory.SaveAsync(fixture.Admin, destination, silent with { KeepCount = 3 }, default);
        await fixture.Directory.TestAsync(fixture.Admin, destination, default);
        var elsewhere = silent with { Settings = draft.Settings with { Bucket = "another" } };
        var refused = await Assert.ThrowsAsync<BackupException>(
            () => fixture.Directory.SaveAsync(fixture.Admin, destination, elsewhere, default));
        Assert.Contains("secret key", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Save_WhatIsWrong_IsRefused()
    {
        var folder = Folder();
        var bucket = new DestinationSettings { Endpoint = "https://s3.example", Region = "r", Bucket = "backups", AccessKey = "k" };
        var storage = new DestinationDraft("s", DestinationKind.S3, bucket, "secret", Passphrase, 1, 0);
        DestinationDraft[] wrong =
        [
            folder with { Name = " " }, folder with { Kind = "ftp" }, folder with { Passphrase = "short" }, folder with { KeepCount = -1 },
            .. new[] { "", "relative", "/", "/a/../b", "/a\nb", "/a//b" }
                .Select(path => folder with { Settings = new DestinationSettings { Folder = path } }),
            storage with { SecretKey = "" }, storage with { Settings = bucket with { Bucket = "../x" } },
            storage with { Settings = bucket with { Prefix = "../x" } }, storage with { Settings = bucket with { Endpoint = "file:///etc" } },
            storage with { Settings = bucket with { Endpoint = "nothing" } }, storage with { Settings = bucket with { AccessKey = "a b" } },
            storage with { Settings = bucket with { Region = "" } },
        ];

        foreach (var draft in wrong)
        {
            await Assert.ThrowsAsync<BackupException>(() => fixture.Directory.SaveAsync(fixture.Admin, null, draft, default));
        }
    }

    [Theory]
    [InlineData(BuiltInRoles.Operator)]
    [InlineData(BuiltInRoles.Viewer)]
    [InlineData(null)]
    public async Task Backups_OfWhoMayNot_AreNeitherSeenNorTouched(string? role)
    {
        var person = await fixture.PersonAsync($"nobody-{Interlocked.Increment(ref s_number)}", role);
        var draft = Folder();
        var destination = await SaveAsync(draft);
        var made = await MakeAsync(destination);
        var jobs = fixture.Portal.Services.GetRequiredService<JobDirectory>();
        var job = new JobDraft(
            "mine", JobKind.PortalBackup, new JobSettings { DestinationId = destination }, null, null, "0 0 29 2 *", "UTC");
        Func<Task>[] calls =
        [
            () => fixture.Directory.ListAsync(person, default), () => fixture.Directory.FindAsync(person, destination, default),
            () => fixture.Directory.SaveAsync(person, null, Folder(), default),
            () => fixture.Directory.SaveAsync(person, destination, draft, default),
            () => fixture.Directory.RemoveAsync(person, destination, default),
            () => fixture.Directory.TestAsync(person, destination, default),
            () => fixture.Directory.BackupsAsync(person, null, default), () => fixture.Directory.FindBackupAsync(person, made.Id, default),
            () => fixture.Directory.BackUpAsync(person, destination, default), () => fixture.Directory.CheckAsync(person, made.Id, default),
            () => fixture.Directory.OpenBackupAsync(person, made.Id, default),
            () => fixture.Directory.RemoveBackupAsync(person, made.Id, default),
            () => jobs.SaveAsync(person, null, job, default),
        ];

        foreach (var call in calls)
        {
            await Assert.ThrowsAsync<AccessDeniedException>(call);
        }

        Assert.True(File.Exists(Path.Combine(draft.Settings.Folder, made.Name)));
    }

    private string TrialName => "portal_restore_test_" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(
        System.Text.Encoding.UTF8.GetBytes(new NpgsqlConnectionStringBuilder(fixture.Portal.ConnectionString).Database!)))[..16];

    private DestinationDraft Folder()
    {
        var number = Interlocked.Increment(ref s_number);
        var folder = Path.Combine(Path.GetDirectoryName(fixture.Portal.DataFolder)!, $"backups-{number}");
        return new($"folder {number}", DestinationKind.Folder, new DestinationSettings { Folder = folder }, "", Passphrase, 0, 0);
    }

    private static DestinationDraft Bucket(FakeStorage storage)
    {
        var settings = new DestinationSettings
        {
            Endpoint = storage.Endpoint.ToString().TrimEnd('/'), Region = "eu-test-1", Bucket = FakeStorage.Bucket, Prefix = "portal/",
            AccessKey = storage.Credentials.AccessKey,
        };
        return new(
            $"bucket {Interlocked.Increment(ref s_number)}", DestinationKind.S3, settings, storage.Credentials.SecretKey, Passphrase, 0, 0);
    }

    private Task<Guid> SaveAsync(DestinationDraft draft) => fixture.Directory.SaveAsync(fixture.Admin, null, draft, default);

    private async Task<PortalBackup> MakeAsync(Guid destination)
    {
        var id = await fixture.Directory.BackUpAsync(fixture.Admin, destination, default);
        await Eventually.HoldsAsync(async () => (await FindAsync(id)).FinishedAt is not null, "the backup has ended");
        return await FindAsync(id);
    }

    private async Task<PortalBackup> CheckAsync(Guid id)
    {
        await fixture.Directory.CheckAsync(fixture.Admin, id, default);
        await Eventually.HoldsAsync(async () => (await FindAsync(id)).CheckState != BackupState.Running, "the check has ended");
        return await FindAsync(id);
    }

    private async Task<PortalBackup> FindAsync(Guid id) => (await fixture.Directory.FindBackupAsync(fixture.Admin, id, default))!;

    private async Task SetAsync(Guid destination, string what)
    {
        await using var connection = new NpgsqlConnection(fixture.Portal.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand($"update portal_backups set {what} where destination_id = @id", connection);
        command.Parameters.AddWithValue("id", destination);
        await command.ExecuteNonQueryAsync();
    }

    private async Task<long> QueryAsync(string query, string name)
    {
        await using var connection = new NpgsqlConnection(fixture.Portal.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(query, connection);
        command.Parameters.AddWithValue("name", name);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
