using System.Globalization;
using Microsoft.AspNetCore.Http;
using Portal.Engine.Api.Containers.Answers;
using Portal.Engine.Api.Json;
using Portal.Engine.Api.Routing;
using Portal.Engine.Containers;
using Portal.Engine.Containers.Processes;

namespace Portal.Engine.Api.Containers;

/// <summary>Top.</summary>
internal sealed class ContainerProcessHandlers(IContainers containers, IContainerProcesses processes, TimeProvider clock)
{
    private static readonly string[] s_titles = ["UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"];

    public async Task TopAsync(HttpContext context)
    {
        if (context.Query("ps_args") is { Length: > 0 } arguments && arguments.Trim() is not ("-ef" or "ef"))
        {
            var table = await processes.ReadAsync(context.Id(), arguments, context.RequestAborted).ConfigureAwait(false);
            await DockerJson
                .WriteAsync(context, new TopAnswer(table.Titles, table.Rows), DockerJsonContext.Default.TopAnswer)
                .ConfigureAwait(false);
            return;
        }

        var found = await containers.ListProcessesAsync(context.Id(), context.RequestAborted).ConfigureAwait(false);
        var now = clock.GetUtcNow();
        var answer = new TopAnswer(s_titles, [.. found.Select(process => Row(process, now))]);
        await DockerJson.WriteAsync(context, answer, DockerJsonContext.Default.TopAnswer).ConfigureAwait(false);
    }

    private IReadOnlyList<string> Row(ContainerProcess process, DateTimeOffset now)
    {
        var age = now - process.StartedAt;
        var share = age > TimeSpan.Zero ? (int)Math.Min(99, 100 * process.CpuTime / age) : 0;
        var started = TimeZoneInfo.ConvertTime(process.StartedAt, clock.LocalTimeZone);
        return
        [
            process.User,
            process.ProcessId.ToString(CultureInfo.InvariantCulture),
            process.ParentProcessId.ToString(CultureInfo.InvariantCulture),
            share.ToString(CultureInfo.InvariantCulture),
            started.ToString(age < TimeSpan.FromDays(1) ? "HH:mm" : "MMMdd", CultureInfo.InvariantCulture),
            "?",
            string.Create(CultureInfo.InvariantCulture, $"{(int)process.CpuTime.TotalHours:00}:{process.CpuTime:mm\\:ss}"),
            process.Command,
        ];
    }
}
