using Google.Protobuf;
using Portal.Agent.Hosting;
using Portal.Contracts.Policies;
using Portal.Contracts.Policies.V1;
using Portal.Engine.Storage;
using Policy = Portal.Contracts.Policies.Policy;
using PolicyRules = Portal.Contracts.Policies.PolicyRules;
using SignatureRule = Portal.Contracts.Policies.SignatureRule;

namespace Portal.Agent.Policies;

/// <summary>Keeps the policies that the portal sent last, across starts.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed partial class PolicyStore
{
    private static readonly Policy s_unreadable = new("(this node's copy of the policies can't be read)", new PolicyRules
    {
        HostPaths = [], Registries = [], Signatures = [new SignatureRule(SignatureRule.AnyImage)],
        HostNamespaces = [], Devices = [], Capabilities = [], VolumeTypes = [],
        ForbidPrivileged = true, ForbidOtherHostAccess = true,
    });

    private readonly Lock _writing = new();
    private readonly string _path;
    private readonly IDurableFiles _files;
    private readonly ILogger<PolicyStore> _logger;
    private volatile KeptPolicies _current;

    public PolicyStore(AgentPaths paths, IDurableFiles files, ILogger<PolicyStore> logger)
    {
        _path = Path.Combine(paths.Identity, "policies");
        _files = files;
        _logger = logger;
        _current = Load();
    }

    /// <summary>Those that hold now.</summary>
    public KeptPolicies Current => _current;

    /// <summary>Replaces them; on the disk when it returns.</summary>
    public void Set(SetPoliciesRequest request)
    {
        lock (_writing)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            _files.WriteAtomically(_path, request.ToByteArray());
            _current = From(request);
        }
    }

    private KeptPolicies Load()
    {
        try
        {
            return From(SetPoliciesRequest.Parser.ParseFrom(File.ReadAllBytes(_path)));
        }
        catch (Exception failure) when (failure is FileNotFoundException or DirectoryNotFoundException)
        {
            return new KeptPolicies(0, []);
        }
        catch (Exception failure) when (failure is InvalidProtocolBufferException or IOException or UnauthorizedAccessException)
        {
            LogUnreadable(_path, failure);
            return new KeptPolicies(0, [s_unreadable]);
        }
    }

    private static KeptPolicies From(SetPoliciesRequest request) =>
        new(request.Version, [.. request.Policies.Select(PolicyMapping.FromMessage)]);

    [LoggerMessage(3601,
        LogLevel.Error,
        "The policies in '{Path}' can't be read; all that they may rule on is refused until the portal sends new ones.")]
    private partial void LogUnreadable(string path, Exception failure);
}
