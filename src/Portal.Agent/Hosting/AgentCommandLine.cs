using System.CommandLine;
using Portal.Agent.Hosting.Volumes;
using Portal.Agent.Link;
using Portal.Agent.Link.Keys;
using Portal.Agent.Upgrades;
using Portal.Engine.Api.Hosting;
using Portal.Engine.Errors;
using Portal.Engine.Linux.Hosting;

namespace Portal.Agent.Hosting;

/// <summary>The agent's commands.</summary>
internal sealed class AgentCommandLine
{
    private const int Failed = 1;

    private readonly Option<string?> _data = new("--data") { Description = "Folder for what must survive a reboot.", Recursive = true };
    private readonly Option<string?> _run = new("--run")
    {
        Description = "Folder for sockets and what ends with a reboot.",
        Recursive = true,
    };

    private readonly Option<string?> _config = new("--config") { Description = "JSON file with settings.", Recursive = true };
    private readonly TextWriter _output;
    private readonly TextWriter _error;

    public AgentCommandLine(TextWriter output, TextWriter error)
    {
        _output = output;
        _error = error;
    }

    /// <summary>Runs a command to its end.</summary>
    /// <returns>The process's exit code.</returns>
    public Task<int> InvokeAsync(string[] args)
    {
        NativeHeap.ShareArenas();
        var root = new RootCommand("Portal's agent: the container engine of this host, and its link to a portal.")
        {
            _data, _run, _config, MakeRun(), MakeJoin(), MakeLeave(), MakeRotateKey(), MakeStatus(),
            new TrustCommand(TellAsync).Make(Read),
            new StoreCheckCommand(_output, _error).Make(Read),
            new LoginCommands(_output, _error).MakeLogin(Read), new LoginCommands(_output, _error).MakeLogout(Read),
            new VolumeCommands(_output, _error).Make(Read),
        };
        root.SetAction((result, cancellationToken) => RunAsync(result, null, cancellationToken));
        return root.Parse(args).InvokeAsync(
            new InvocationConfiguration { Output = _output, Error = _error, EnableDefaultExceptionHandler = false });
    }

    private Command MakeRun()
    {
        var runtime = new Option<string?>("--runtime") { Description = "The OCI runtime to prefer: runc, crun or a path." };
        var command = new Command("run", "Runs the engine, its Docker socket and the link. The default.") { runtime };
        command.SetAction((result, cancellationToken) => RunAsync(result, result.GetValue(runtime), cancellationToken));
        return command;
    }

    private Command MakeJoin()
    {
        var url = new Argument<string>("url")
        {
            Description = "The portal's address, as https://portal.example.com:8443; several of one database, separated by commas.",
        };
        var token = new Option<string?>("--token") { Description = "A join token that the portal made." };
        var tokenFile = new Option<FileInfo?>("--token-file") { Description = "A file that holds it, which no process list shows." };
        var command = new Command("join", "Makes this host a node of a portal.") { url, token, tokenFile };
        var trust = new TrustOptions();
        trust.AddTo(command);
        command.SetAction(async (result, cancellationToken) =>
        {
            var text = result.GetValue(tokenFile) is { } file
                ? await File.ReadAllTextAsync(file.FullName, cancellationToken).ConfigureAwait(false)
                : result.GetValue(token);
            if (text is null)
            {
                return Fail("Give the join token with --token or --token-file.");
            }

            var join = new JoinClient(new IdentityStore(Read(result).Paths.Identity));
            return await TellAsync(async () =>
            {
                var authorities = await trust.ReadAsync(result, cancellationToken).ConfigureAwait(false);
                var portal = result.GetRequiredValue(url);
                var identity = await join.JoinAsync(portal, text, authorities, cancellationToken).ConfigureAwait(false);
                return join.Waits
                    ? $"This host waits to be accepted at {identity.PortalUrl}, on the page Nodes. Its key: {join.Fingerprint}"
                    : $"This host is node '{identity.NodeName}' of {identity.PortalUrl}. An agent that runs links by itself.";
            }).ConfigureAwait(false);
        });
        return command;
    }

    private Command MakeLeave()
    {
        var command = new Command("leave", "Forgets the portal. Containers run on; remove the node in the portal too.");
        command.SetAction((result, _) => TellAsync(() =>
        {
            new IdentityStore(Read(result).Paths.Identity).Delete();
            return Task.FromResult("This host has left its portal.");
        }));
        return command;
    }

    private Command MakeRotateKey()
    {
        var command = new Command(
            "rotate-key", "Replaces the key that this host signs in with; its portal refuses the old one from then on.");
        command.SetAction((result, cancellationToken) => TellAsync(async () =>
        {
            var store = new IdentityStore(Read(result).Paths.Identity);
            var fingerprint = await KeyExchange.RunAsync(store, cancellationToken).ConfigureAwait(false);
            return $"This host signs in with a new key. Its fingerprint: {fingerprint}";
        }));
        return command;
    }

    private Command MakeStatus()
    {
        var quiet = new Option<bool>("--quiet") { Description = "Say nothing; the exit code is 0 when the node is online." };
        var command = new Command("status", "Tells how the agent and its link stand. Exits with 0 when the node is online.") { quiet };
        command.SetAction((result, _) =>
        {
            var (text, isOnline) = Describe(Read(result).Paths);
            if (!result.GetValue(quiet))
            {
                _output.WriteLine(text);
            }

            return Task.FromResult(isOnline ? 0 : Failed);
        });
        return command;
    }

    private static (string Text, bool IsOnline) Describe(AgentPaths paths)
    {
        AgentIdentity? identity;
        string goesBy;
        try
        {
            identity = new IdentityStore(paths.Identity).Load();
            goesBy = identity?.Address.Trust is { } trust ? $" It takes its portal by {trust.Description}." : "";
        }
        catch (LinkException failure)
        {
            return (failure.Message, false);
        }

        var node = identity is null ? "It has not joined a portal." : $"It is node '{identity.NodeName}' of {identity.PortalUrl}.";
        using var free = AgentLock.TryTake(paths.Lock);
        if (free is not null)
        {
            return ($"The agent does not run. {node}{goesBy}", false);
        }

        var report = LinkStatus.Read(paths.Status) ?? LinkReport.None;
        var link = identity is null ? ""
            : report.IsOnline ? report.Portals > 1 ? $" It is online at {report.Portals} portals." : " It is online."
            : $" It is offline. {report.Problem}";
        return ($"The agent runs; DOCKER_HOST=unix://{paths.DockerSocket}. {node}{link}{goesBy}", identity is not null && report.IsOnline);
    }

    private async Task<int> RunAsync(ParseResult result, string? runtime, CancellationToken cancellationToken)
    {
        try
        {
            return await RunAgentAsync(result, runtime, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is DockerTcpException or InvalidDataException or EngineException)
        {
            return Fail(failure.Message);
        }
    }

    private async Task<int> RunAgentAsync(ParseResult result, string? runtime, CancellationToken cancellationToken)
    {
        var settings = Read(result);
        settings = runtime is null ? settings : settings with { Runtime = runtime };
        using var held = await AgentLock.TakeAsync(settings.Paths.Lock, cancellationToken).ConfigureAwait(false);
        if (held is null)
        {
            return Fail($"Another agent runs with the data in '{settings.Paths.Data}'. Stop it, or give this one a folder with --data.");
        }

        Directory.CreateDirectory(settings.Paths.Run);
        File.Delete(settings.Paths.Status);
        using var host = AgentApplication.Build(settings);
        var upgrade = host.Services.GetRequiredService<AgentUpgrade>();
        await host.RunAsync(cancellationToken).ConfigureAwait(false);
        return upgrade.RestartWanted ? AgentUpgrade.StartAgain : 0;
    }

    private AgentSettings Read(ParseResult result) =>
        AgentSettings.Read(new AgentFlags(result.GetValue(_data), result.GetValue(_run), null), result.GetValue(_config));

    private async Task<int> TellAsync(Func<Task<string>> action)
    {
        try
        {
            await _output.WriteLineAsync(await action().ConfigureAwait(false)).ConfigureAwait(false);
            return 0;
        }
        catch (LinkException failure)
        {
            return Fail(failure.Message);
        }
    }

    private int Fail(string message)
    {
        _error.WriteLine(message);
        return Failed;
    }
}
