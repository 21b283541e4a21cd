using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Hosting;
using Portal.Engine.Images;
using Portal.Engine.Linux.Hosting;
using Portal.Engine.Snapshots;
using Portal.Engine.TestHost;
using Portal.Testing;
using Portal.Testing.Engine;

// An engine in a process of its own, for tests that kill it: NAME DATAROOT RUNROOT, or nothing for an instance of its own, whose
// name it says then. With a fourth word, "images", it has the real store of images in place of one image without a store.
// It obeys the lines on its input that EngineCommands tells of, and lives until its input ends or somebody kills it.
if (args.Length == 0)
{
    var own = new TestInstance();
    Console.WriteLine(own.Name);
    args = [own.Name, own.DataRoot, own.RunRoot];
}

var images = args.Length > 3 ? null : new FakeImages();
var services = new ServiceCollection();
services.AddLogging();
if (images is not null)
{
    services.AddSingleton<IImages>(images);
}

services.AddEngine(new EngineOptions { Name = args[0], DataRoot = args[1], RunRoot = args[2], Runtime = TestSettings.Runtime });
services.AddLinuxEngine();
await using var provider = services.BuildServiceProvider();
if (images is not null)
{
    await BusyboxLayer.InstallAsync(images, provider.GetRequiredService<ISnapshotter>());
}

await provider.GetRequiredService<IEngine>().StartAsync();
var commands = new EngineCommands(provider);
Console.WriteLine("ready");
while (Console.ReadLine() is { } line)
{
    if (line.StartsWith("& ", StringComparison.Ordinal))
    {
        // Nobody waits for it: the engine is to be killed while it is at it.
        _ = Task.Run(() => commands.DoAsync(line[2..]));
    }
    else
    {
        Console.WriteLine(await commands.DoAsync(line));
    }
}
