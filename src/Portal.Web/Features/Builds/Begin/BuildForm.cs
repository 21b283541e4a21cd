using System.Globalization;
using System.Text.RegularExpressions;
using Portal.Contracts.Builds.V1;
using Portal.Web.Features.Registries.Storage;

namespace Portal.Web.Features.Builds.Begin;

/// <summary>What is filled in for a build.</summary>
public sealed partial class BuildForm
{
    public const string FirstText = """
        FROM busybox
        RUN echo "built by $(whoami)" > /hello
        CMD ["cat", "/hello"]

        """;

    public const string DefaultSshId = "default";
    private const string InlineCacheArgument = "BUILDKIT_INLINE_CACHE";

    private static readonly char[] s_blanks = [' ', ',', '\n', '\r', '\t'];

    public BuildSource Source { get; set; }

    public Guid NodeId { get; set; }

    public string Text { get; set; } = FirstText;

    public string Address { get; set; } = "";

    public string Reference { get; set; } = "";

    public string Folder { get; set; } = "";

    public string DockerfilePath { get; set; } = "";

    public string Names { get; set; } = "";

    public string Target { get; set; } = "";

    public string Platform { get; set; } = "";

    public string Arguments { get; set; } = "";

    public string Labels { get; set; } = "";

    public string Network { get; set; } = "";

    public string MemoryMebibytes { get; set; } = "";

    public string Processors { get; set; } = "";

    public string ExtraHosts { get; set; } = "";

    public string CacheFrom { get; set; } = "";

    public string Registries { get; set; } = "";

    /// <summary>For the repository; these and the secrets are in none of the options, and not there when a build is repeated.</summary>
    public string GitUser { get; set; } = "";

    public string GitToken { get; set; } = "";

    public string GitKey { get; set; } = "";

    public string GitKnownHosts { get; set; } = "";

    public string Secrets { get; set; } = "";

    /// <summary>For <c>RUN --mount=type=ssh</c>, with the id that such mounts name; empty for those that name none.</summary>
    public string SshKey { get; set; } = "";

    public string SshId { get; set; } = "";

    public bool NoCache { get; set; }

    public bool Pull { get; set; }

    public bool InlineCache { get; set; }

    /// <summary>Its name for people.</summary>
    public string Title => Split(Names).FirstOrDefault() ?? Source switch
    {
        BuildSource.Remote => Address.Trim().Split('/', StringSplitOptions.RemoveEmptyEntries).LastOrDefault() ?? N("a build"),
        BuildSource.Upload => N("an upload"),
        _ => N("a Dockerfile"),
    };

    /// <summary>
    /// Registries whose login the node needs: those that were named, and those of the images that the text itself names. Of a context that
    /// nobody has read yet nothing is known.
    /// </summary>
    public IReadOnlyList<string> RegistryHosts
    {
        get
        {
            var images = Source == BuildSource.Editor
                ? FromLine().Matches(Text).Select(match => match.Groups[1].Value).Where(image => !image.Contains('$'))
                : [];
            return
            [
                .. Split(Registries).Select(host => RegistryHost.Normalize(host) ?? host)
                    .Concat(images.Concat(Split(CacheFrom)).Select(RegistryHost.OfImage))
                    .Distinct(StringComparer.OrdinalIgnoreCase),
            ];
        }
    }

    /// <summary>All that is wrong, by field.</summary>
    public Dictionary<string, string> Check(bool hasUpload)
    {
        var errors = new Dictionary<string, string>(StringComparer.Ordinal);
        if (NodeId == Guid.Empty)
        {
            errors[nameof(NodeId)] = T("Choose a node to build on.");
        }

        switch (Source)
        {
            case BuildSource.Editor when string.IsNullOrWhiteSpace(Text):
                errors[nameof(Text)] = T("Write a Dockerfile: it begins with FROM.");
                break;
            case BuildSource.Remote when !AddressForm().IsMatch(Address.Trim()):
                errors[nameof(Address)] =
                    T("An address such as https://host/repository.git, git@host:repository.git or https://host/Dockerfile.");
                break;
            case BuildSource.Upload when !hasUpload:
                errors[nameof(Source)] = T("Choose a folder or an archive to send.");
                break;
        }

        if (Source == BuildSource.Remote)
        {
            CheckLogin(errors);
        }

        Try(errors, nameof(Secrets), () => Pairs(Secrets));
        CheckSsh(errors);
        Try(errors, nameof(Arguments), () => Pairs(Arguments));
        Try(errors, nameof(Labels), () => Pairs(Labels));
        Try(errors, nameof(MemoryMebibytes), () => Number(MemoryMebibytes));
        Try(errors, nameof(Processors), () => Number(Processors));
        foreach (var name in Split(Names).Where(name => !NameForm().IsMatch(name)))
        {
            errors[nameof(Names)] = T("'{0}' is no name of an image, such as team/app:1.2 in small letters.", name);
        }

        return errors;
    }

    /// <summary>What to ask the node for; checked before.</summary>
    public BuildOptions ToOptions()
    {
        var options = new BuildOptions
        {
            Remote = Source == BuildSource.Remote ? Remote() : "",
            DockerfileText = Source == BuildSource.Editor ? Text : "",
            DockerfilePath = Source == BuildSource.Editor ? "" : DockerfilePath.Trim(),
            Target = Target.Trim(),
            Platform = Platform,
            NoCache = NoCache,
            Pull = Pull,
            Network = Network,
            MemoryBytes = (long)(Number(MemoryMebibytes) * 1024 * 1024),
            NanoCpus = (long)(Number(Processors) * 1_000_000_000),
        };
        options.Names.AddRange(Split(Names));
        options.ExtraHosts.AddRange(Split(ExtraHosts));
        options.CacheFrom.AddRange(Split(CacheFrom));
        foreach (var (name, value) in Pairs(Arguments))
        {
            options.BuildArgs[name] = value;
        }

        foreach (var (name, value) in Pairs(Labels))
        {
            options.Labels[name] = value;
        }

        if (InlineCache)
        {
            options.BuildArgs[InlineCacheArgument] = "1";
        }

        return options;
    }

    /// <summary>What nobody may read afterwards; checked before.</summary>
    public BuildSecrets ToSecrets()
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (id, value) in Pairs(Secrets))
        {
            values[id] = value;
        }

        var hasLogin = Source == BuildSource.Remote && (GitToken.Length > 0 || GitKey.Trim().Length > 0);
        var git = hasLogin
            ? new GitCredentials
            {
                User = GitUser.Trim(),
                Password = GitToken,
                PrivateKey = GitKey.Trim(),
                KnownHosts = GitKnownHosts.Trim(),
            }
            : null;
        var keys = new Dictionary<string, string>(StringComparer.Ordinal);
        if (SshKey.Trim().Length > 0)
        {
            keys[SshId.Trim().Length > 0 ? SshId.Trim() : DefaultSshId] = SshKey.Trim();
        }

        return new BuildSecrets(git, values) { SshKeys = keys };
    }

    /// <summary>The same again, but for what is uploaded and what is secret.</summary>
    public static BuildForm Of(Guid nodeId, BuildOptions options, bool isUpload)
    {
        var (address, fragment) = options.Remote.Split('#', 2) is [var before, var after] ? (before, after) : (options.Remote, "");
        var place = fragment.Split(':', 2);
        return new BuildForm
        {
            NodeId = nodeId,
            Source = isUpload ? BuildSource.Upload : options.Remote.Length > 0 ? BuildSource.Remote : BuildSource.Editor,
            Text = options.DockerfileText.Length > 0 ? options.DockerfileText : FirstText,
            Address = address,
            Reference = place[0],
            Folder = place.Length > 1 ? place[1] : "",
            DockerfilePath = options.DockerfilePath,
            Names = string.Join(' ', options.Names),
            Target = options.Target,
            Platform = options.Platform,
            Arguments = Lines(options.BuildArgs.Where(pair => pair.Key != InlineCacheArgument)),
            Labels = Lines(options.Labels),
            Network = options.Network,
            MemoryMebibytes = options.MemoryBytes > 0 ? (options.MemoryBytes >> 20).ToString(CultureInfo.InvariantCulture) : "",
            Processors = options.NanoCpus > 0 ? (options.NanoCpus / 1e9).ToString(CultureInfo.InvariantCulture) : "",
            ExtraHosts = string.Join('\n', options.ExtraHosts),
            CacheFrom = string.Join(' ', options.CacheFrom),
            NoCache = options.NoCache,
            Pull = options.Pull,
            InlineCache = options.BuildArgs.ContainsKey(InlineCacheArgument),
        };
    }

    private string Remote()
    {
        var (reference, folder) = (Reference.Trim(), Folder.Trim().Trim('/'));
        return reference.Length + folder.Length == 0 ? Address.Trim()
            : folder.Length == 0 ? $"{Address.Trim()}#{reference}"
            : $"{Address.Trim()}#{reference}:{folder}";
    }

    private void CheckSsh(Dictionary<string, string> errors)
    {
        var key = SshKey.Trim();
        if (key.Length > 0 && !key.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            errors[nameof(SshKey)] = T("This is no private key: one begins with -----BEGIN OPENSSH PRIVATE KEY-----.");
        }

        if (SshId.Trim().Length > 0 && !SshIdForm().IsMatch(SshId.Trim()))
        {
            errors[nameof(SshId)] = T("An id has letters, digits, dots, dashes and underscores.");
        }
    }

    private void CheckLogin(Dictionary<string, string> errors)
    {
        var isWeb = Address.Trim().StartsWith("http", StringComparison.Ordinal);
        if (Uri.TryCreate(Address.Trim(), UriKind.Absolute, out var uri) && isWeb && uri.UserInfo.Length > 0)
        {
            errors[nameof(Address)] = T("Leave the login out of the address, where others would read it: it goes below.");
        }

        if (GitToken.Length > 0 && !Address.Trim().StartsWith("https:", StringComparison.Ordinal) && !(isWeb && uri?.IsLoopback == true))
        {
            errors[nameof(GitToken)] = T("A token goes with an https address alone.");
        }

        if (GitKey.Trim().Length > 0 && isWeb)
        {
            errors[nameof(GitKey)] = T("A key goes with an ssh address, such as git@host:team/repository.git.");
        }
        else if (GitKey.Trim().Length > 0 && GitKnownHosts.Trim().Length == 0)
        {
            errors[nameof(GitKnownHosts)] = T("The server's own key is needed too, so that no other server can take its place.");
        }
    }

    private static string[] Split(string text) => text.Split(s_blanks, StringSplitOptions.RemoveEmptyEntries);

    private static string Lines(IEnumerable<KeyValuePair<string, string>> pairs) =>
        string.Join('\n', pairs.Select(pair => $"{pair.Key}={pair.Value}"));

    private static IEnumerable<(string Name, string Value)> Pairs(string text)
    {
        var pairs = new List<(string, string)>();
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            pairs.Add(equals > 0 ? (line[..equals], line[(equals + 1)..]) : throw new FormatException(E("'{0}' is not NAME=VALUE.", line)));
        }

        return pairs;
    }

    private static double Number(string text) => text.Trim().Length == 0 ? 0
        : double.TryParse(text.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : throw new FormatException(E("'{0}' is no number above 0.", text));

    private static void Try(Dictionary<string, string> errors, string field, Action read)
    {
        try
        {
            read();
        }
        catch (FormatException failure)
        {
            errors[field] = failure.Message;
        }
    }

    [GeneratedRegex(@"^((https?|git|ssh)://[^\s]+|git@[^\s:]+:[^\s]+)$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex AddressForm();

    [GeneratedRegex(@"^[A-Za-z0-9._-]{1,64}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex SshIdForm();

    [GeneratedRegex(@"^[A-Za-z0-9][A-Za-z0-9._:/-]{0,254}$", RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex NameForm();

    [GeneratedRegex(
        @"^[ \t]*FROM[ \t]+(?:--platform=[^ \t\n]+[ \t]+)?([^ \t\r\n]+)",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking | RegexOptions.Multiline | RegexOptions.IgnoreCase)]
    private static partial Regex FromLine();
}
