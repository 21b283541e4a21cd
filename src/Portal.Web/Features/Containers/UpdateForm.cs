using System.Globalization;
using Portal.Contracts.Containers.V1;
using Portal.Web.Features.Containers.Create;

namespace Portal.Web.Features.Containers;

/// <summary>What can be changed of a container, as it is and as a person wants it.</summary>
public sealed class UpdateForm
{
    private const long Mebibyte = 1024 * 1024;
    private readonly string _memory;
    private readonly string _cpus;
    private readonly string _pids;
    private readonly string _policy;
    private readonly int _retries;

    public UpdateForm(Resources limits, RestartPolicy policy)
    {
        MemoryMebibytes = _memory = limits.MemoryBytes == 0 ? "" : Text(limits.MemoryBytes / Mebibyte);
        Cpus = _cpus = limits.NanoCpus == 0 ? "" : (limits.NanoCpus / 1_000_000_000m).ToString("0.###", CultureInfo.InvariantCulture);
        Pids = _pids = limits.PidsLimit <= 0 ? "" : Text(limits.PidsLimit);
        RestartPolicy = _policy = RestartPolicyWords.Of(policy.Kind);
        _retries = policy.MaximumRetries;
    }

    public string MemoryMebibytes { get; set; }

    public string Cpus { get; set; }

    public string Pids { get; set; }

    public string RestartPolicy { get; set; }

    public bool HadMemory => _memory.Length > 0;

    public bool HadCpus => _cpus.Length > 0;

    /// <summary>
    /// What is wrong, by field. The request holds what differs from now, <paramref name="detail"/> says it for the
    /// audit log.
    /// </summary>
    public IReadOnlyDictionary<string, string> Check(out UpdateContainerRequest request, out string detail)
    {
        request = new UpdateContainerRequest();
        var errors = new Dictionary<string, string>();
        var changes = new List<string>();
        if (MemoryMebibytes.Trim() != _memory)
        {
            CheckMemory(request, errors, changes);
        }

        if (Cpus.Trim() != _cpus)
        {
            CheckCpus(request, errors, changes);
        }

        if (Pids.Trim() != _pids)
        {
            CheckPids(request, errors, changes);
        }

        if (RestartPolicy != _policy)
        {
            var kind = RestartPolicyWords.Parse(RestartPolicy);
            request.RestartPolicy = new RestartPolicy
            {
                Kind = kind,
                MaximumRetries = kind == RestartPolicyKind.OnFailure ? _retries : 0,
            };
            changes.Add($"restart policy {RestartPolicy}");
        }

        detail = string.Join(", ", changes);
        return errors;
    }

    private void CheckMemory(UpdateContainerRequest request, Dictionary<string, string> errors, List<string> changes)
    {
        if (long.TryParse(MemoryMebibytes, NumberStyles.Integer, CultureInfo.InvariantCulture, out var mebibytes)
            && mebibytes is >= 6 and <= 1 << 24)
        {
            request.MemoryBytes = mebibytes * Mebibyte;
            changes.Add($"memory {mebibytes} MiB");
        }
        else
        {
            errors[nameof(MemoryMebibytes)] = N("A whole number of MiB, 6 at least.");
        }
    }

    private void CheckCpus(UpdateContainerRequest request, Dictionary<string, string> errors, List<string> changes)
    {
        if (decimal.TryParse(Cpus, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var cpus)
            && cpus is >= 0.01m and <= 4096)
        {
            request.NanoCpus = (long)(cpus * 1_000_000_000);
            changes.Add($"processors {Cpus.Trim()}");
        }
        else
        {
            errors[nameof(Cpus)] = N("A number of processors such as 0.5 or 2.");
        }
    }

    private void CheckPids(UpdateContainerRequest request, Dictionary<string, string> errors, List<string> changes)
    {
        var text = Pids.Trim();
        var isNumber = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var pids) && pids is > 0 and <= 1 << 22;
        if (text.Length == 0 || isNumber)
        {
            request.PidsLimit = pids;
            changes.Add($"processes {(text.Length == 0 ? "without limit" : text)}");
        }
        else
        {
            errors[nameof(Pids)] = N("A whole number, or nothing for no limit.");
        }
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
