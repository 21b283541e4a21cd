using System.Security.Cryptography;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data.Keys;
using Portal.Data.Migrating;
using Portal.Testing.Databases;

namespace Portal.Data.Tests.Keys;

public sealed class KeyEncryptionTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portal-keys-");

    private string KeyPath => Path.Combine(_folder.FullName, "portal", "secrets.key");

    public async Task InitializeAsync()
    {
        await using var portal = Open(null);
        await portal.GetRequiredService<Migrator>().MigrateAsync(default);
        await using var context = await ContextAsync(portal);
        await context.DataProtectionKeys.ExecuteDeleteAsync();
    }

    public Task DisposeAsync()
    {
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Protect_WithAKeyFile_NoKeyIsInTheClearAndAnotherPortalReadsIt()
    {
        await using var one = Open(KeyPath);
        var text = Protector(one).Protect("secret");

        await using var two = Open(KeyPath);
        Assert.Equal(0, await two.GetRequiredService<KeyEncryption>().EnsureAsync(default));
        Assert.Equal("secret", Protector(two).Unprotect(text));
        Assert.DoesNotContain("<value>", Assert.Single(await ReadAsync(one)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnsureAsync_KeysOfAnEarlierVersion_AreEncryptedAndStillGood()
    {
        string text;
        await using (var earlier = Open(null))
        {
            text = Protector(earlier).Protect("secret");
            Assert.Contains("<value>", Assert.Single(await ReadAsync(earlier)), StringComparison.Ordinal);
        }

        await using var now = Open(KeyPath);
        var encryption = now.GetRequiredService<KeyEncryption>();
        Assert.Equal(1, await encryption.EnsureAsync(default));
        Assert.Equal(0, await encryption.EnsureAsync(default));

        Assert.DoesNotContain("<value>", Assert.Single(await ReadAsync(now)), StringComparison.Ordinal);
        Assert.Equal("secret", Protector(now).Unprotect(text));
    }

    [Fact]
    public async Task EnsureAsync_AnotherKeyFile_IsRefusedAndNothingIsChanged()
    {
        await using var one = Open(KeyPath);
        Protector(one).Protect("secret");
        var before = await ReadAsync(one);

        await using var two = Open(KeyPath + "2");
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(
            () => two.GetRequiredService<KeyEncryption>().EnsureAsync(default));

        Assert.Contains("another key", failure.Message, StringComparison.Ordinal);
        Assert.Equal(before, await ReadAsync(one));
    }

    [Fact]
    public void Decrypt_ChangedBytes_IsRefused()
    {
        var cipher = new KeyFileCipher(new KeyFile(KeyPath, mayMake: true));
        var element = cipher.Encrypt(new XElement("masterKey", "secret")).EncryptedElement;
        Assert.Equal("secret", cipher.Decrypt(element).Value);
        foreach (var position in new[] { 0, 13, element.Value.Length * 3 / 4 - 4 })
        {
            var bytes = Convert.FromBase64String(element.Value);
            bytes[position] ^= 1;
            var changed = new XElement(element);
            changed.Value = Convert.ToBase64String(bytes);
            Assert.ThrowsAny<CryptographicException>(() => cipher.Decrypt(changed));
        }

        Assert.ThrowsAny<CryptographicException>(() => cipher.Decrypt(new XElement(element.Name, element.Attributes(), "c2hvcnQ=")));
        Assert.ThrowsAny<CryptographicException>(() => cipher.Decrypt(new XElement(element.Name, element.Attributes(), "?")));
    }

    [Fact]
    public void KeyFile_MadeAtFirstUse_IsItsOwnersAloneAndStays()
    {
        var id = new KeyFile(KeyPath, mayMake: true).Id;

        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(KeyPath));
        Assert.Equal(id, new KeyFile(KeyPath, mayMake: false).Id);
        Assert.Equal([KeyPath], Directory.GetFiles(Path.GetDirectoryName(KeyPath)!));
    }

    [Theory]
    [InlineData(null, UnixFileMode.None, "is not there")]
    [InlineData("bm8ga2V5", UnixFileMode.None, "holds no key")]
    [InlineData("?", UnixFileMode.None, "holds no key")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", UnixFileMode.OtherRead, "chmod 600")]
    [InlineData("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", UnixFileMode.GroupWrite, "chmod 600")]
    public async Task KeyFile_MissingOpenOrNonsense_IsRefusedByName(string? content, UnixFileMode others, string message)
    {
        if (content is not null)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(KeyPath)!);
            await File.WriteAllTextAsync(KeyPath, content);
            File.SetUnixFileMode(KeyPath, UnixFileMode.UserRead | others);
        }

        var failure = Assert.Throws<InvalidOperationException>(() => new KeyFile(KeyPath, mayMake: false).Id);

        Assert.Contains(message, failure.Message, StringComparison.Ordinal);
        Assert.Contains(KeyPath, failure.Message, StringComparison.Ordinal);
    }

    private ServiceProvider Open(string? keyPath)
    {
        return new ServiceCollection()
            .AddLogging()
            .AddPortalData(_ => postgres.ConnectionString, keyPath is null ? null : _ => new KeyFile(keyPath, mayMake: true))
            .BuildServiceProvider();
    }

    private static IDataProtector Protector(ServiceProvider portal) =>
        portal.GetRequiredService<IDataProtectionProvider>().CreateProtector("test");

    private static Task<PortalDbContext> ContextAsync(ServiceProvider portal) =>
        portal.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();

    private static async Task<List<string>> ReadAsync(ServiceProvider portal)
    {
        await using var context = await ContextAsync(portal);
        return await context.DataProtectionKeys.Select(key => key.Xml).ToListAsync();
    }
}
