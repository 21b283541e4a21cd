using System.Text.Json;

namespace Portal.Agent.Link;

/// <summary>How the link stands, for <c>status</c>: kept in a file under the run folder.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class LinkStatus(string path)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _firstOnline = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Dictionary<Guid, LinkReport> _links = [];
    private LinkReport _report = LinkReport.None;
    private string _problem = "";

    /// <summary>Over as soon as both connections have stood for the first time.</summary>
    public Task FirstOnline => _firstOnline.Task;

    public LinkReport Current
    {
        get
        {
            lock (_lock)
            {
                return _report;
            }
        }
    }

    /// <summary>The link to a portal has changed.</summary>
    public void Update(Guid portal, Func<LinkReport, LinkReport> change)
    {
        lock (_lock)
        {
            _links[portal] = change(_links.GetValueOrDefault(portal) ?? LinkReport.None);
            Write();
        }
    }

    /// <summary>A portal has ended.</summary>
    public void Forget(Guid portal)
    {
        lock (_lock)
        {
            _links.Remove(portal);
            Write();
        }
    }

    /// <summary>What stands in the way, for the user; empty for nothing.</summary>
    public void Tell(string problem)
    {
        lock (_lock)
        {
            _problem = problem;
            Write();
        }
    }

    private void Write()
    {
        var best = _links.Values.MaxBy(link => (link.IsOnline, link.Reverse, link.Telemetry)) ?? LinkReport.None;
        var report = best with { Problem = best.IsOnline ? "" : _problem, Portals = _links.Values.Count(link => link.IsOnline) };
        if (report == _report)
        {
            return;
        }

        _report = report;
        if (report.IsOnline)
        {
            _firstOnline.TrySetResult();
        }

        var temporary = path + ".new";
        File.WriteAllBytes(temporary, JsonSerializer.SerializeToUtf8Bytes(report, JsonSerializerOptions.Web));
        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>What a running agent has written, or null.</summary>
    public static LinkReport? Read(string path)
    {
        try
        {
            return JsonSerializer.Deserialize<LinkReport>(File.ReadAllBytes(path), JsonSerializerOptions.Web);
        }
        catch (Exception failure) when (failure is IOException or JsonException)
        {
            return null;
        }
    }
}
