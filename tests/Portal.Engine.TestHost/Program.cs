using Microsoft.Extensions.DependencyInjection;
using Portal.Engine.Containers;
using Portal.Engine.Hosting;
using Portal.Engine.Images;
using Portal.Engine.Linux.Hosting;
using Portal.Engine.Snapshots;
using Portal.Testing.Engine;

// An engine in a process of its own, for tests that kill it: NAME DATAROOT RUNROOT. It obeys lines on its input,
//   run POLICY SCRIPT    makes and starts a container and answers with its id
//   stop ID              stops one and answers "stopped"
//   remove ID            removes one and answers "removed"
// and lives until its input ends or somebody kills it.
var images = new FakeImages();
var services = new ServiceCollection();
services.AddLogging();
services.AddSingleton<IImages>(images);
services.AddEngine(new EngineOptions { Name = args[0], DataRoot = args[1], RunRoot = args[2] });
services.AddLinuxEngine();
await using var provider = services.BuildServiceProvider();
await BusyboxLayer.InstallAsync(images, provider.GetRequiredService<ISnapshotter>());
await provider.GetRequiredService<IEngine>().StartAsync();
var containers = provider.GetRequiredService<IContainers>();
Console.WriteLine("ready");
while (Console.ReadLine() is { } line)
{
    var words = line.Split(' ', 3);
    Console.WriteLine(words[0] switch
    {
        "run" => await RunAsync(Enum.Parse<RestartPolicyKind>(words[1]), words[2]),
        "stop" => await StopAsync(words[1]),
        "remove" => await RemoveAsync(words[1]),
        _ => "unknown command",
    });
}

async Task<string> RunAsync(RestartPolicyKind policy, string script)
{
    var created = await containers.CreateAsync(new ContainerSpec
    {
        Image = "busybox",
        Command = ["sh", "-c", script],
        RestartPolicy = new RestartPolicy(policy),
        LogRotation = new LogRotation(50_000, 100),
    });
    await containers.StartAsync(created.Id);
    return created.Id;
}

async Task<string> StopAsync(string id)
{
    await containers.StopAsync(id);
    return "stopped";
}

async Task<string> RemoveAsync(string id)
{
    await containers.RemoveAsync(id, force: true);
    return "removed";
}
