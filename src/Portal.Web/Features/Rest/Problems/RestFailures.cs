using System.Text.Json;
using Grpc.Core;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Portal.Web.Access;
using Portal.Web.Features.NodeCalls;
using Portal.Web.Features.Stacks;
using Portal.Web.Features.Updates.Containers;

namespace Portal.Web.Features.Rest.Problems;

/// <summary>Failures to kinds of problems: the one place.</summary>
internal static class RestFailures
{
    /// <summary>What to tell of a failure; null for one that nobody foresaw.</summary>
    public static (ProblemKind Kind, string Detail)? Read(Exception failure) => failure switch
    {
        RestProblemException problem => (problem.Kind, problem.Message),
        AccessDeniedException denied => (ProblemKind.AccessDenied, denied.Message),
        StackException refused => (ProblemKind.Refused, refused.Message),
        ContainerUpdateException refused => (ProblemKind.Refused, refused.Message),
        NodeCallException node => (KindOf(node.StatusCode), node.Message),
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } => (ProblemKind.TooLarge, "The body is too large."),
        BadHttpRequestException { StatusCode: var status } => 
            (ProblemKind.Of(status), "A part of the address, a header or the body can't be read."),
        JsonException json => (ProblemKind.InvalidRequest, json.Message),
        PostgresException { SqlState: ['2', '2', ..] }
            or DbUpdateException { InnerException: PostgresException { SqlState: ['2', '2', ..] } } =>
            (ProblemKind.InvalidArgument, "A text is too long, or holds a sign that can't be kept."),
        _ when failure.IsDatabaseAway() => (ProblemKind.Unavailable, "The portal's database does not answer. Try again."),
        _ => null,
    };

    public static ProblemKind KindOf(StatusCode code) => code switch
    {
        StatusCode.NotFound => ProblemKind.NotFound,
        StatusCode.AlreadyExists => ProblemKind.AlreadyExists,
        StatusCode.FailedPrecondition or StatusCode.Aborted => ProblemKind.Conflict,
        StatusCode.InvalidArgument or StatusCode.OutOfRange => ProblemKind.InvalidArgument,
        StatusCode.PermissionDenied or StatusCode.Unauthenticated => ProblemKind.Refused,
        StatusCode.Unavailable or StatusCode.Cancelled => ProblemKind.NodeUnavailable,
        StatusCode.ResourceExhausted => ProblemKind.Refused,
        StatusCode.DeadlineExceeded => ProblemKind.NodeTimeout,
        StatusCode.Unimplemented => ProblemKind.AgentTooOld,
        _ => ProblemKind.NodeFailed,
    };
}
