using System.Globalization;
using System.Text;
using Portal.Engine.Builds.Caching;
using Portal.Engine.Builds.Dockerfiles.Instructions;
using Portal.Engine.Builds.Dockerfiles.Syntax;
using Portal.Engine.Builds.Execution.Mounts;
using Portal.Engine.Builds.Execution.States;
using Portal.Engine.Builds.Files;
using Portal.Engine.Content;
using Portal.Engine.Errors;
using Portal.Engine.Snapshots;

namespace Portal.Engine.Builds.Execution;

/// <summary><c>RUN</c>: a container on what the stage has come to, whose changes are the next layer.</summary>
internal sealed class RunStep(
    MountPreparer preparer, StepOwners owners, RunContainers containers, IRootFiles files, ContentStore content, ISnapshotter snapshotter,
    TimeProvider time)
{
    private const string ScriptFolder = "/dev/pipes";
    private const int ScriptMode = 0x1ED; // 0755

    public async Task RunAsync(StageContext step, RunInstruction instruction, CancellationToken cancellationToken)
    {
        if (instruction.Security != "sandbox")
        {
            throw new DockerfileSyntaxException("granting entitlement security.insecure is not allowed by this engine");
        }

        var (session, state) = (step.Session, step.State);
        var mounts = MountPreparer.Parse(step, instruction);
        var (arguments, script) = Command(state, instruction);
        var network = Network(session.Request, instruction);
        using var key = new CacheKey("run");
        key.Add(state.ChainId?.ToString()).AddAll(arguments).Add(script).AddAll(state.Settings.Environment)
            .AddAll(state.Arguments.Select(pair => $"{pair.Key}={pair.Value}")).Add(state.Settings.WorkingDirectory)
            .Add(state.Settings.User).Add(network).AddAll(session.Request.ExtraHosts).Add(state.Platform.ToString())
            .Add(session.Request.ShmSize.ToString(CultureInfo.InvariantCulture))
            .AddAll(session.Request.Ulimits.Select(limit => limit.ToString())).AddAll(session.Request.SecurityOptions);
        await preparer.AddToKeyAsync(step, mounts, key, cancellationToken).ConfigureAwait(false);
        var name = key.Finish();
        var history = History(state, arguments);
        using var seat = await session.EnterAsync(step, name, cancellationToken).ConfigureAwait(false);
        if (await session.FindAsync(name, content, cancellationToken).ConfigureAwait(false) is { } hit)
        {
            step.Tell(BuildEventKind.Cached, "");
            state.Add(history, hit.Record, hit.Layer);
            return;
        }

        using var made = await preparer.PrepareAsync(step, mounts, cancellationToken).ConfigureAwait(false);
        AddScript(session, made, arguments, script);
        var layer = await containers.RunAsync(step, arguments, network, made, cancellationToken).ConfigureAwait(false);
        var record = new CacheRecord
        {
            Key = name,
            Parent = state.LastKey,
            Description = StageContext.Describe(instruction),
            Created = time.GetUtcNow(),
            DiffId = layer?.DiffId.ToString(),
            ChainId = layer?.ChainId.ToString(),
            Size = layer is null ? 0 : snapshotter.GetLayerSize(layer.ChainId.ToString()),
        };
        await session.KeepAsync(record, cancellationToken).ConfigureAwait(false);
        state.Add(history, record, layer);
    }

    /// <summary>What to run, and the script that it is, when a here-document with an interpreter line is the whole command.</summary>
    private static (IReadOnlyList<string> Arguments, string? Script) Command(StageState state, RunInstruction instruction)
    {
        var words = instruction.Command.Words;
        if (!instruction.Command.IsShell)
        {
            return words is [] or [""] ? throw new DockerfileSyntaxException("RUN has no command") : (words, null);
        }

        var documents = instruction.HereDocuments;
        if (documents.Count == 0)
        {
            return ([.. state.Settings.Shell, words[0]], null);
        }

        if (documents.Count == 1 && HereDocumentMarks.Parse(words[0].Trim(), '\\') is not null)
        {
            var content = documents[0].Content;
            return content.StartsWith("#!", StringComparison.Ordinal)
                ? ([$"{ScriptFolder}/{documents[0].Name}"], content)
                : ([.. state.Settings.Shell, content], null);
        }

        // The command's own shell reads the documents that follow it.
        var text = new StringBuilder(words[0]);
        foreach (var document in documents)
        {
            text.Append('\n').Append(document.Content).Append(document.Name);
        }

        return ([.. state.Settings.Shell, text.Append('\n').ToString()], null);
    }

    private static string Network(BuildRequest request, RunInstruction instruction)
    {
        return instruction.Network switch
        {
            "none" => "none",
            "host" when request.NetworkMode != "host" => throw new DockerfileSyntaxException(
                "RUN --network=host is allowed for builds with the host's network alone (docker build --network=host)"),
            "host" => "host",
            _ => request.NetworkMode,
        };
    }

    private void AddScript(BuildSession session, RunMounts mounts, IReadOnlyList<string> arguments, string? script)
    {
        if (script is null)
        {
            return;
        }

        var path = Path.Combine(session.Folder, $"script-{Path.GetRandomFileName()}");
        mounts.Hold(new CacheHold(path, () => File.Delete(path)));
        var (user, group) = owners.OnHost(0, 0);
        files.MakeFile(path, Encoding.UTF8.GetBytes(script), ScriptMode, user, group);
        mounts.Binds.Add(arguments[0].Contains(':')
            ? throw EngineException.InvalidArgument("the name of a here-document can't hold a colon")
            : $"{path}:{arguments[0]}:ro");
    }

    private static string History(StageState state, IReadOnlyList<string> arguments)
    {
        var text = string.Join(' ', arguments);
        var given = state.Arguments.Where(pair => !state.Settings.Environment.Any(
                variable => variable.StartsWith(pair.Key + "=", StringComparison.Ordinal)))
            .Select(pair => $"{pair.Key}={pair.Value}").Order(StringComparer.Ordinal).ToList();
        return given.Count == 0
            ? text
            : string.Create(
                CultureInfo.InvariantCulture,
                $"|{given.Count} {string.Join(' ', given)} {text}");
    }
}
