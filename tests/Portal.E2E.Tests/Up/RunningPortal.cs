using Portal.Testing.Images;
using Portal.Testing.Up;

namespace Portal.E2E.Tests.Up;

/// <summary>A <c>./portal up</c> whose engine has busybox.</summary>
public sealed class RunningPortal : IAsyncLifetime
{
    public PortalUp Portal { get; private set; } = null!;

    public static async Task<PortalUp> StartWithBusyboxAsync()
    {
        var portal = await PortalUp.StartNewAsync();
        try
        {
            var archive = await BusyboxImages.WriteDockerArchiveAsync(Path.Combine(portal.Temp, "busybox.tar"));
            await portal.DockerAsync("load", "-i", archive);
            return portal;
        }
        catch
        {
            await portal.DisposeAsync();
            throw;
        }
    }

    public async Task InitializeAsync() => Portal = await StartWithBusyboxAsync();

    public Task DisposeAsync() => Portal.DisposeAsync().AsTask();
}
