namespace Portal.Web.Features.Updates.Containers;

/// <summary>An update of a container as people see it.</summary>
/// <param name="Id">Its id.</param>
/// <param name="State">How it stands.</param>
/// <param name="Phase">What is being done, or was last.</param>
/// <param name="Image">The image's name.</param>
/// <param name="SuccessorId">The container that took the old one's place; empty where none did.</param>
/// <param name="Message">What came of it.</param>
/// <param name="By">Who asked for it.</param>
/// <param name="CreatedAt">When.</param>
/// <param name="FinishedAt">Null while it goes on.</param>
public sealed record ContainerUpdateView(
    Guid Id, ContainerUpdateState State, ContainerUpdatePhase Phase, string Image, string SuccessorId, string Message, string By,
    DateTimeOffset CreatedAt, DateTimeOffset? FinishedAt);
