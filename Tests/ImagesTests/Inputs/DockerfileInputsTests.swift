import XCTest

@testable import Images

/// What a Dockerfile reads of its context: never less than it does.
final class DockerfileInputsTests: XCTestCase {
    private func assert(
        _ text: String, _ inputs: DockerfileInputs, file: StaticString = #filePath, line: UInt = #line
    ) {
        XCTAssertEqual(DockerfileInputs(text), inputs, text, file: file, line: line)
    }

    func testPaths() {
        assert("FROM a\nCOPY web /x\ncopy  package.json\tyarn.lock ./", .paths(["package.json", "web", "yarn.lock"]))
        assert("FROM a\nCOPY --chown=1:1 --link ./web/./src/ /x", .paths(["web/src"]))
        assert("FROM a\nCOPY [\"my file\", \"web\", \"/x\"]", .paths(["my file", "web"]))
        assert("FROM a\nADD --keep-git-dir=true vendor.tar /x", .paths(["vendor.tar"]))
        assert("FROM a\nCOPY /web ../../api /x", .paths(["api", "web"]))
        assert("FROM a\nCOPY web/*.js web/src/a?b/c /x", .paths(["web", "web/src"]))
        assert("FROM a AS b\nCOPY web /x\nFROM scratch\nCOPY --from=b /x /y", .paths(["web"]))
        assert("# escape=\\\n# syntax=docker/dockerfile:1.7\nFROM a\nCOPY web \\\n  # note\n\n  api /x", .paths(["api", "web"]))
        assert("FROM a\nRUN --mount=type=cache,target=/c --mount=type=bind,from=b,target=/d make\nCOPY w /x", .paths(["w"]))
        assert("FROM scratch\nCMD [\"/x\"]", .paths([]))
        assert("FROM a AS b\nRUN x\nFROM b\nCOPY w /x", .paths(["w"]))
        assert("FROM a\nRUN make \\\n  COPY\\\n  x\nCOPY w /x\r\n", .paths(["w"]))
    }

    func testWhatIsNotCertainIsEverything() {
        for text in [
            "FROM a\nCOPY . /x", "FROM a\nCOPY / /x", "FROM a\nCOPY ./ ./", "FROM a\nCOPY * /x", "FROM a\nCOPY ../ /x",
            "FROM a\nCOPY web/.. /x", "FROM a\nCOPY [\".\", \"/x\"]", "FROM a\nCOPY $SRC /x", "FROM a\nCOPY ${SRC}/a /x",
            "FROM a\nCOPY [\"$A\", \"/x\"]", "FROM a\nCOPY \"my file\" /x", "FROM a\nCOPY my\\ file /x",
            "FROM a\nCOPY web", "FROM a\nCOPY [\"web\"", "FROM a\nCOPY <<EOF /x\nhi\nEOF",
            "FROM a\nRUN <<EOF\nCOPY\nEOF\nCOPY w /x",
            "FROM a\nRUN --mount=type=bind,target=/src make\nCOPY w /x", "FROM a\nRUN --mount=target=/src make\nCOPY w /x",
            "FROM a\nRUN --mount=type=$T,target=/src make\nCOPY w /x", "FROM a\nRUN --mount type=bind make\nCOPY w /x",
            "FROM a\nRUN --mount=type=bind,from=,target=/src make\nCOPY w /x",
            "# syntax=example/frontend\nFROM a\nCOPY w /x", "#syntax = docker/dockerfile-upstream:x\nFROM a\nCOPY w /x",
            "\n# note\n# escape=`\nFROM a\nCOPY w /x", "// syntax=x\nFROM a\nCOPY w /x",
            "FROM a\nRUN make", "FROM scratch\nCOPY --from=b /x /y\nFROM node:20-onbuild\nCOPY w /x",
            "FROM a\nONBUILD COPY . /x\nCOPY w /x", "FROM a\nINCLUDE other\nCOPY w /x",
        ] {
            assert(text, .everything)
        }
    }

    func testWhatNobodyCanTell() {
        assert("FROM a\nARG BUILD_DATE_USED_FOR_CACHE_BUSTING\nCOPY w /x", .unknown)
        assert("FROM a\nADD https://example.com/x.tgz /x\nCOPY w /y", .unknown)
        assert("FROM a\nADD github.com/x/y /x", .unknown)
        assert("FROM a\nARG URL\nADD ${URL} /x\nCOPY w /y", .unknown)
        assert("FROM a\nADD \"https://example.com/x.tgz\" /x\nCOPY w /y", .unknown)
        assert("FROM a\nRUN <<EOF\nmake\nEOF\nadd https://example.com/x.tgz /x", .unknown)
        assert("FROM a\nADD git@example.com:x/y.git /x", .unknown)
        assert("FROM a\nADD --checksum=sha256:1 https://example.com/x.tgz /x\nCOPY w /y", .paths(["w"]))
    }
}
