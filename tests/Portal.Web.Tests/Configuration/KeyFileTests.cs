using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Portal.Data;
using Portal.Web.Tests.Support;

namespace Portal.Web.Tests.Configuration;

public sealed class KeyFileTests(TestPortal portal) : IClassFixture<TestPortal>
{
    [Fact]
    public async Task Start_AnotherKeyFile_IsRefusedWithTheWayOut()
    {
        using var client = await portal.SignInAsync();
        Directory.CreateDirectory(portal.RunFolder);
        var file = Path.Combine(portal.RunFolder, "other.key");
        await File.WriteAllTextAsync(file, Convert.ToBase64String(new byte[32]));
        File.SetUnixFileMode(file, UnixFileMode.UserRead);

        await using var other = portal.Create(["--PORTAL_KEY_FILE", file]);
        var failure = await Assert.ThrowsAsync<StartException>(() => other.StartAsync(default));

        Assert.Contains("another key", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Start_NamedKeyFileIsMissing_IsRefused()
    {
        await using var other = portal.Create(["--PORTAL_KEY_FILE", "/nowhere/secrets.key"]);
        var failure = await Assert.ThrowsAsync<StartException>(() => other.StartAsync(default));

        Assert.Contains("/nowhere/secrets.key", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_InTheDatabase_AreNotInTheClear()
    {
        using var client = await portal.SignInAsync();
        await using var context = await portal.Services.GetRequiredService<IDbContextFactory<PortalDbContext>>().CreateDbContextAsync();
        var keys = await context.DataProtectionKeys.Select(key => key.Xml).ToListAsync();

        Assert.NotEmpty(keys);
        Assert.All(keys, xml => Assert.DoesNotContain("<value>", xml, StringComparison.Ordinal));
    }
}
