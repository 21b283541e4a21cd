using Microsoft.Extensions.Logging.Abstractions;
using Portal.Engine.Containers.States;
using Portal.Engine.Containers.Store;
using Portal.Engine.Hosting;
using Portal.Engine.Storage;
using Portal.Testing.Engine;

namespace Portal.Engine.Tests.Containers.Store;

public sealed class ContainerStoreTests : IDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("portal-store-");

    public void Dispose() => _root.Delete(recursive: true);

    [Fact]
    public async Task Remove_WhileItsPlaceInTheLogIsWrittenDown_RemovesAll()
    {
        var store = new ContainerStore(
            new EngineOptions { Name = "fake", DataRoot = _root.FullName, RunRoot = _root.FullName }, new PlainDurableFiles(), NullLogger<ContainerStore>.Instance);
        for (var round = 0; round < 200; round++)
        {
            var folder = store.Begin(round.ToString("x64"), new ContainerRecord { Name = "web" }, []);
            await File.WriteAllTextAsync(folder.Config, "{}");
            for (var log = 0; log < 20; log++)
            {
                await File.WriteAllTextAsync(Path.Combine(folder.Logs, $"container.log.{log:000000}"), "line");
            }

            // A few times, about when it is removed: the forwarder's last place.
            var writing = Task.Run(() =>
            {
                while (File.Exists(folder.Config))
                {
                    Thread.SpinWait(10);
                }

                for (var time = 0; time < 5 && Directory.Exists(folder.Path); time++)
                {
                    TryWrite(folder.Forwarded);
                }
            });

            store.Remove(folder);
            await writing;

            Assert.False(Directory.Exists(folder.Path));
        }
    }

    private static void TryWrite(string path)
    {
        try
        {
            File.WriteAllText(path, "1 5");
        }
        catch (DirectoryNotFoundException)
        {
            // Removed meanwhile.
        }
    }
}
