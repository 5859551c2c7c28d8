import Deploys
import Foundation
import JSON

@testable import Slack

/// Every modal and the Home tab, by the name of its golden.
extension Samples {
    var views: [(name: String, view: JSON)] { modals + homes }

    private var modals: [(name: String, view: JSON)] {
        let current = release(11, "b")
        let form = Preview.Subject.form(revision)
        let toProd = NextStep.deploy(to: .prod)
        let words = "A newer release is live on *test* already: `#13`.\nAsk <@\(Self.bob.id)>."
        return [
            ("modal-deploy", ConfirmModal(preview(toProd, current: current, count: 3)).view),
            ("modal-deploy-first", ConfirmModal(preview(toProd, current: nil, count: nil)).view),
            ("modal-deploy-same", ConfirmModal(preview(toProd, current: release(), count: 0)).view),
            (
                "modal-deploy-approval",
                ConfirmModal(preview(toProd, current: current, count: 70, needsApproval: true)).view
            ),
            ("modal-roll-back", ConfirmModal(preview(.rollBack(to: 9), current: current, count: 2)).view),
            ("modal-retry", ConfirmModal(preview(.retry, current: current, count: 1)).view),
            ("modal-approve", ConfirmModal(preview(.approve, current: current, count: 1)).view),
            ("modal-decline", ConfirmModal(preview(.decline, current: current, count: 1)).view),
            ("modal-cancel", ConfirmModal(preview(.cancel, current: current, count: 1)).view),
            ("modal-retry-unknown", ConfirmModal(preview(
                .step(.retry, on: OperationID(42)), isKnown: false, current: current, count: nil)).view),
            ("modal-form-prod", ConfirmModal(preview(form, current: current, count: 3), note: note ?? "For Ola").view),
            ("modal-form-prod-release", ConfirmModal(preview(
                .form(Revision("#9")!), current: current, count: 0)).view),
            ("modal-form-prod-unknown", ConfirmModal(preview(
                form, isKnown: false, current: current, count: nil, needsApproval: true)).view),
            ("modal-form", DeployFormModal(label: app, environment: .test, revision: branch).view),
            ("modal-form-open", DeployFormModal(label: app).view),
            ("modal-answer", AnswerModal(Answer(.refused, words)).view),
            ("modal-answer-status", AnswerModal(Answer(.information, words, page: .status(troubledStatus))).view),
        ]
    }

    private var homes: [(name: String, view: JSON)] {
        let quiet = status([environment(.prod), environment(.test)])
        func home(_ own: [AppStatus], others: Int, isFirst: Bool = false) -> JSON {
            HomeView(HomePage(own: own, otherCount: others, logChannel: "#iterapp-logs", isFirstVisit: isFirst)).view
        }
        return [
            ("home", home([quiet, troubledStatus, status([], name: "dogs", team: nil)], others: 4)),
            ("home-first-visit", home([quiet], others: 0, isFirst: true)),
            ("home-nothing-registered", home([], others: 0, isFirst: true)),
            ("home-nothing-own", home([], others: 8)),
            ("home-many", home(many, others: 30)),
        ]
    }
}
