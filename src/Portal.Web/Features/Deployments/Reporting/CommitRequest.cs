using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Portal.Data.Entities.Deployments;

namespace Portal.Web.Features.Deployments.Reporting;

/// <summary>The call by which each host takes the status of a commit.</summary>
internal static class CommitRequest
{
    public static HttpRequestMessage Of(CommitReporter reporter, string token, Guid deploymentId, string commit, CommitStatus status)
    {
        var host = Enum.Parse<CommitHost>(reporter.Host);
        var link = $"{reporter.PortalUrl.TrimEnd('/')}/deployments/{deploymentId}";
        var (path, body) = host switch
        {
            CommitHost.GitHub => ($"repos/{reporter.Project}/statuses/{commit}", Plain(reporter, status, link, WordOf(status.State))),
            CommitHost.Gitea => ($"api/v1/repos/{reporter.Project}/statuses/{commit}", Plain(reporter, status, link, WordOf(status.State))),
            CommitHost.GitLab => (
                $"api/v4/projects/{Uri.EscapeDataString(reporter.Project)}/statuses/{commit}",
                Plain(reporter, status, link, GitLabWordOf(status.State))),
            CommitHost.BitbucketCloud => (
                $"2.0/repositories/{reporter.Project}/commit/{commit}/statuses/build", Build(reporter, status, link, "STOPPED")),
            _ => (
                $"rest/api/latest/projects/{reporter.Project.Replace("/", "/repos/", StringComparison.Ordinal)}/commits/{commit}/builds",
                Build(reporter, status, link, "CANCELLED")),
        };
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"{reporter.BaseUrl.TrimEnd('/')}/{path}"))
        {
            Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json"),
        };
        request.Headers.UserAgent.ParseAdd("Portal");
        Sign(request, host, token);
        return request;
    }

    private static void Sign(HttpRequestMessage request, CommitHost host, string token)
    {
        request.Headers.Accept.ParseAdd(host == CommitHost.GitHub ? "application/vnd.github+json" : "application/json");
        switch (host)
        {
            case CommitHost.GitHub:
                request.Headers.Add("X-GitHub-Api-Version", "2022-11-28");
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                break;
            case CommitHost.GitLab:
                request.Headers.Add("PRIVATE-TOKEN", token);
                break;
            case CommitHost.Gitea:
                request.Headers.Authorization = new AuthenticationHeaderValue("token", token);
                break;
            default:
                request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
                break;
        }
    }

    private static JsonObject Plain(CommitReporter reporter, CommitStatus status, string link, string state) => new()
    {
        ["state"] = state,
        ["target_url"] = link,
        ["description"] = status.Text,
        ["context"] = reporter.Context,
    };

    private static JsonObject Build(CommitReporter reporter, CommitStatus status, string link, string cancelled) => new()
    {
        ["key"] = reporter.Context,
        ["state"] = status.State switch
        {
            CommitState.Success => "SUCCESSFUL",
            CommitState.Failure => "FAILED",
            CommitState.Cancelled => cancelled,
            _ => "INPROGRESS",
        },
        ["name"] = reporter.Context,
        ["url"] = link,
        ["description"] = status.Text,
    };

    private static string WordOf(CommitState state) => state switch
    {
        CommitState.Success => "success",
        CommitState.Failure => "failure",
        CommitState.Cancelled => "error",
        _ => "pending",
    };

    private static string GitLabWordOf(CommitState state) => state switch
    {
        CommitState.Success => "success",
        CommitState.Failure => "failed",
        CommitState.Cancelled => "canceled",
        CommitState.Running => "running",
        _ => "pending",
    };
}
