using Portal.Engine.Containers;
using Portal.Engine.Errors;
using Portal.Engine.Images;
using Portal.Testing.Images;

namespace Portal.Engine.Linux.Tests.Containers;

public sealed class ImagesEndToEndTests
{
    [Fact]
    public async Task Load_RunAndRemove_WorkTogether()
    {
        await using var engine = await KernelEngine.StartAsync(withImages: true);
        var archive = await BusyboxImages.WriteDockerArchiveAsync(engine.Instance.TempPath("busybox.tar"));
        await using (var stream = File.OpenRead(archive))
        {
            Assert.Equal("busybox:latest", Assert.Single(await engine.Images.LoadAsync(stream)).Name);
        }

        var unknown = await Assert.ThrowsAsync<EngineException>(
            () => engine.Containers.CreateAsync(new ContainerSpec { Image = "nosuch" }));
        Assert.Equal("No such image: nosuch:latest", unknown.Message);
        var id = await engine.RunAsync("echo from an image; sleep 100");
        var used = await Assert.ThrowsAsync<ImageConflictException>(() => engine.Images.RemoveAsync("busybox", force: true));
        Assert.Equal(EngineErrorKind.Conflict, used.Kind);

        await engine.RestartAsync();

        Assert.Equal(ContainerState.Running, (await engine.Containers.InspectAsync(id)).State);
        Assert.Equal("from an image\n", await engine.LogAsync(id));
        await engine.Containers.RemoveAsync(id, force: true);
        await engine.Images.RemoveAsync("busybox");
        Assert.Empty(await engine.Images.ListAsync());
    }
}
