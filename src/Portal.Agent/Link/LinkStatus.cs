using System.Text.Json;

namespace Portal.Agent.Link;

/// <summary>How the link stands, for <c>status</c>: kept in a file under the run folder.</summary>
/// <remarks>Singleton; any thread.</remarks>
internal sealed class LinkStatus(string path)
{
    private readonly Lock _lock = new();
    private readonly TaskCompletionSource _firstOnline = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private LinkReport _report = LinkReport.None;

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

    public void Update(Func<LinkReport, LinkReport> change)
    {
        lock (_lock)
        {
            var report = change(_report);
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
