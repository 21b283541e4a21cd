using System.Globalization;
using System.Security.Cryptography;
using Portal.Engine.Archives;
using Portal.Engine.Builds.Caching;
using Portal.Engine.Builds.Contexts.Matching;
using Portal.Engine.Builds.Dockerfiles.Instructions;
using Portal.Engine.Builds.Dockerfiles.Syntax;
using Portal.Engine.Builds.Execution.Copies;
using Portal.Engine.Builds.Files;
using Portal.Engine.Builds.Remotes;
using Portal.Engine.Content;
using Portal.Engine.Errors;
using Portal.Engine.Hosting;

namespace Portal.Engine.Builds.Execution.Mounts;

/// <summary>Makes the mounts of a <c>RUN</c>.</summary>
/// <remarks>
/// What is mounted is a whole folder that only this engine names, or a path in a root that nothing runs on and that is resolved there
/// beneath the root. Nothing is removed from the root of the step afterwards (CVE-2024-23652): the layer is read from its writable folder,
/// no link followed.
/// </remarks>
internal sealed class MountPreparer(
    CacheMounts caches, CopyLayers layers, BaseImages images, IRootFiles files, ISshAgents agents, StepOwners owners, EngineOptions options,
    TimeProvider time)
{
    private const int SecretMode = 0x100; // 0400
    private const int SocketMode = 0x180; // 0600
    private const string SocketVariable = "SSH_AUTH_SOCK";

    /// <summary>Parses the mounts, variables put in.</summary>
    public static IReadOnlyList<MountOptions> Parse(StageContext step, RunInstruction instruction)
    {
        return [.. instruction.Mounts.Select(text => MountOptions.Parse(step.Expand(text))).Select(mount => mount with
        {
            Target = mount.Target.Length == 0 || mount.Target.StartsWith('/')
                ? mount.Target
                : GoPath.Clean($"/{step.State.Settings.WorkingDirectory}/{mount.Target}"),
        })];
    }

    /// <summary>What of the mounts decides the step's result: bound files by their content; caches, secrets and sockets by their place alone.</summary>
    public async Task AddToKeyAsync(
        StageContext step, IReadOnlyList<MountOptions> mounts, CacheKey key, CancellationToken cancellationToken)
    {
        foreach (var mount in mounts)
        {
            key.Add(mount.Kind.ToString()).Add(mount.Target).Add(mount.Id).Add(mount.ReadOnly?.ToString());
            if (mount.Kind == MountKind.Bind)
            {
                var (tree, _) = await TreeAsync(step, mount, cancellationToken).ConfigureAwait(false);
                var entry = Source(tree, mount);
                var source = new CopySource(tree, entry, TreePaths.NameOf(TreePaths.Of(entry)), null);
                key.Add(CopyDigest.Of([source], new CopyOptions { Destination = "/" }));
            }
        }
    }

    public async Task<RunMounts> PrepareAsync(StageContext step, IReadOnlyList<MountOptions> mounts, CancellationToken cancellationToken)
    {
        var made = new RunMounts();
        try
        {
            // All steps take caches in one order: two that want the same ones never wait for each other.
            var wanted = mounts.Where(mount => mount is { Kind: MountKind.Cache, From: null });
            foreach (var mount in wanted.OrderBy(CacheOf, StringComparer.Ordinal))
            {
                var hold = await caches.TakeAsync(mount, CacheOf(mount), cancellationToken).ConfigureAwait(false);
                made.Caches[mount] = made.Hold(hold);
            }

            foreach (var mount in mounts)
            {
                await AddAsync(step, mount, made, cancellationToken).ConfigureAwait(false);
            }

            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    private static string CacheOf(MountOptions mount) => mount.Id.Length > 0 ? mount.Id : mount.Target;

    private async Task AddAsync(StageContext step, MountOptions mount, RunMounts made, CancellationToken cancellationToken)
    {
        switch (mount.Kind)
        {
            case MountKind.Bind:
                made.Binds.Add(Bind(await BindAsync(step, mount, cancellationToken)
                    .ConfigureAwait(false), mount.Target, mount.ReadOnly ?? true));
                break;
            case MountKind.Cache when mount.From is not null:
                throw new DockerfileSyntaxException("a cache mount that begins with the files of a stage or image is not available here");
            case MountKind.Cache:
                made.Binds.Add(Bind(owners.Show(made.Caches[mount].Path, made), mount.Target, mount.ReadOnly ?? false));
                break;
            case MountKind.Tmpfs:
                made.Tmpfs[mount.Target] = mount.Size > 0
                    ? string.Create(CultureInfo.InvariantCulture, $"exec,size={mount.Size}")
                    : "exec";
                break;
            case MountKind.Secret:
                AddSecret(step, mount, made);
                break;
            default:
                await AddAgentAsync(step, mount, made, cancellationToken).ConfigureAwait(false);
                break;
        }
    }

    private void AddSecret(StageContext step, MountOptions mount, RunMounts made)
    {
        var id = mount.Id.Length > 0 ? mount.Id : TreePaths.NameOf(mount.Target);
        if (mount.Variable is not null)
        {
            throw new DockerfileSyntaxException("a secret as a variable is not available here: mount it as a file");
        }

        if (!step.Session.Request.Secrets.TryGetValue(id, out var content))
        {
            Skip(step, mount, "secret", id);
            return;
        }

        var path = NewPath();
        made.Hold(new CacheHold(path, () => File.Delete(path)));
        var (user, group) = owners.OnHost(mount.UserId, mount.GroupId);
        files.MakeFile(path, content, mount.Mode ?? SecretMode, user, group);
        made.Binds.Add(Bind(path, mount.Target.Length > 0 ? mount.Target : $"/run/secrets/{id}", readOnly: true));
    }

    /// <summary>As BuildKit does it: a socket at a path that the step's programs find in a variable.</summary>
    private async Task AddAgentAsync(StageContext step, MountOptions mount, RunMounts made, CancellationToken cancellationToken)
    {
        var id = mount.Id.Length > 0 ? mount.Id : "default";
        if (!step.Session.Request.SshKeys.TryGetValue(id, out var key))
        {
            Skip(step, mount, "ssh", id);
            return;
        }

        var (user, group) = owners.OnHost(mount.UserId, mount.GroupId);
        var socket = new SshSocket(NewPath(), mount.Mode ?? SocketMode, user, group);
        made.Hold(await agents.ServeAsync(key, socket, cancellationToken).ConfigureAwait(false));
        var target = mount.Target.Length > 0
            ? mount.Target
            : string.Create(CultureInfo.InvariantCulture, $"/run/buildkit/ssh_agent.{made.Sockets++}");
        made.Binds.Add(Bind(socket.Path, target, readOnly: true));
        made.Variables.TryAdd(SocketVariable, target);
    }

    /// <summary>Beside the sockets, in memory on most hosts: not in the data folder, from which it might be copied.</summary>
    private string NewPath()
    {
        // The path of a socket has 107 bytes at most.
        const int Bytes = 8;
        var folder = Path.Combine(options.RunRoot, "builds");
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        return Path.Combine(folder, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(Bytes)));
    }

    private static void Skip(StageContext step, MountOptions mount, string kind, string id)
    {
        if (mount.Required)
        {
            throw EngineException.InvalidArgument($"{kind} {id}: not found. The classic build API carries no {kind}s.");
        }

        step.Tell(BuildEventKind.Warning, $"the {kind} '{id}' was not given: RUN goes on without it");
    }

    private async Task<string> BindAsync(StageContext step, MountOptions mount, CancellationToken cancellationToken)
    {
        var (tree, chainId) = await TreeAsync(step, mount, cancellationToken).ConfigureAwait(false);
        if (mount.From is null)
        {
            // Nothing of the context lies on this host as files: a layer of what is wanted is made, and thrown away with the build.
            var top = new CopySource(tree, tree.Find("")!, "", null);
            var layout = new CopyLayout(null, new CopyOptions { Destination = "/", Owner = (0, 0) }, time.GetUtcNow());
            layout.Add([top]);
            chainId = (await layers.MakeAsync(layout.Items, null, step.Session.Lease, cancellationToken).ConfigureAwait(false))?.ChainId;
        }

        // What a step writes into such a mount is its own and lost: each has a writable layer of its own.
        // Nothing runs on the one that the source is looked up in; a root that shows mapped owners is for the container alone.
        var root = owners.Ids is null && (mount.ReadOnly ?? true)
            ? await step.Session.Roots.OpenAsync(chainId, cancellationToken).ConfigureAwait(false)
            : await step.Session.Roots.MakeAsync(chainId, cancellationToken, owners.Ids).ConfigureAwait(false);
        var source = TreePaths.Of(Source(root.Tree, mount));
        return source.Length == 0 ? root.Path : Path.Combine(root.Path, source);
    }

    private async Task<(
        IFileTree Tree, Digest? ChainId)> TreeAsync(StageContext step, MountOptions mount, CancellationToken cancellationToken)
    {
        if (mount.From is not { } from)
        {
            return (step.Session.Context, null);
        }

        var state = step.Session.Plan.Names.TryGetValue(from, out var stage) && stage < step.Stage.Index
            ? await step.Session.StageAsync(stage).ConfigureAwait(false)
            : await images.OpenAsync(step.Session, from, null, step.Step, step.Stage.Index, cancellationToken).ConfigureAwait(false);
        return ((await step.Session.Roots.OpenAsync(state.ChainId, cancellationToken).ConfigureAwait(false)).Tree, state.ChainId);
    }

    private static TarEntry Source(IFileTree tree, MountOptions mount)
    {
        return TreePaths.Follow(tree, mount.Source) is { Kind: TarEntryKind.File or TarEntryKind.Folder } entry
            ? entry
            : throw EngineException.NotFound($"the source '{mount.Source}' of a bind mount is not there");
    }

    private static string Bind(string source, string target, bool readOnly)
    {
        return target.Contains(':') || source.Contains(':')
            ? throw new DockerfileSyntaxException($"the mount '{target}' holds a colon")
            : $"{source}:{target}:{(readOnly ? "ro" : "rw")}";
    }
}
